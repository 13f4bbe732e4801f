/**
 * @file The objectives by TRL's names, and the choice of one for a run.
 */
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import { apoDown, apoZero } from './apo';
import { bcoPair } from './bco';
import { combine } from './combine';
import { discopop } from './discopop';
import { robust, sigmoid, sigmoidNorm } from './dpo';
import { exoPair } from './exo';
import { hinge } from './hinge';
import { ipo } from './ipo';
import { withoutReference } from './log-ratio';
import { ncaPair } from './nca';
import type { Objective, ObjectiveOptions } from './objective';
import { defaultObjectiveOptions } from './objective';
import { orpo } from './orpo';
import { sft, sftTerm } from './sft';
import { simpo } from './simpo';
import { unlikelihood } from './unlikelihood';

const all = [
  sigmoid,
  robust,
  ipo,
  hinge,
  sigmoidNorm,
  apoZero,
  apoDown,
  ncaPair,
  bcoPair,
  exoPair,
  discopop,
  sftTerm,
  simpo,
  orpo,
  unlikelihood,
];

/** By TRL's loss_type; "simpo" is of its CPOTrainer, "orpo" its ORPOTrainer, "unlikelihood" no trainer's. */
export const preferenceObjectives: ReadonlyMap<string, Objective> = new Map(
  all.map((objective) => [objective.name, objective]),
);

/**
 * What these may be listed with; all others combine freely, as in TRL's DPOTrainer. Their beta is on another scale than
 * DPO's, and the last two have their term for the chosen answer already.
 */
const companions: Readonly<Record<string, readonly string[]>> = { simpo: ['sft'], orpo: [], unlikelihood: [] };

export interface ObjectiveChoice extends ObjectiveOptions {
  readonly method: 'dpo' | 'sft';
  readonly loss_type: readonly string[];
  readonly loss_weights: readonly number[] | null;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function findObjectives(names: readonly string[]): Objective[] {
  const supported = [...preferenceObjectives.keys()].join(', ');
  if (names.length === 0) throw new UserError('lossTypesEmpty', { names: supported });
  return names.map((name) => {
    const objective = preferenceObjectives.get(name);
    if (!objective) throw new UserError('lossTypeUnknown', { name, names: supported });
    return objective;
  });
}

function refuseStrangers(names: readonly string[]): void {
  for (const name of names) {
    const allowed = companions[name];
    const stranger = names.find((other) => other !== name && !allowed?.includes(other));
    if (!allowed || stranger === undefined) continue;
    const rule = allowed.length > 0 ? message('onlyWith', { names: quoted(allowed) }) : message('onlyAlone');
    throw new UserError('lossTypesUndefined', { name, other: stranger, rule });
  }
}

/** An option that is set and that nothing reads is a misunderstanding: TRL trains on without a word. */
function refuseUnread(choice: ObjectiveChoice, objectives: readonly Objective[]): void {
  for (const key of Object.keys(defaultObjectiveOptions) as (keyof ObjectiveOptions)[]) {
    if (key === 'beta' || choice[key] === defaultObjectiveOptions[key]) continue;
    if (objectives.some(({ reads }) => reads.includes(key))) continue;
    const readers = all.filter(({ reads }) => reads.includes(key)).map(({ name }) => name);
    throw new UserError('lossOptionUnread', {
      key,
      value: String(choice[key]),
      names: quoted(choice.loss_type),
      others: readers.join(', '),
    });
  }
}

function refuseSmoothing({ loss_type, label_smoothing }: ObjectiveChoice): void {
  if (label_smoothing === 0 && loss_type.includes('exo_pair')) {
    throw new UserError('exoNeedsSmoothing');
  }
  const other = loss_type.find((name) => name === 'robust' || name === 'exo_pair');
  if (label_smoothing !== 0 && other !== undefined && loss_type.includes('sigmoid')) {
    throw new UserError('smoothingOfTwo', { value: label_smoothing, name: other });
  }
}

function refuseNeedOfReference(objectives: readonly Objective[]): void {
  const needy = objectives.find(({ usesReference, reads }) => usesReference && !reads.includes('reference_free'));
  if (needy) throw new UserError('lossNeedsReference', { name: needy.name });
}

/** One objective for a run; combinations that nobody defined are refused. */
export function chooseObjective(choice: ObjectiveChoice): Objective {
  const { method, loss_type, loss_weights, reference_free } = choice;
  if (method === 'sft') return sft;
  const objectives = findObjectives(loss_type);
  if (loss_weights !== null && loss_weights.length !== loss_type.length) {
    throw new UserError('lossWeightsCount', { count: loss_weights.length, wanted: loss_type.length });
  }
  refuseStrangers(loss_type);
  refuseUnread(choice, objectives);
  refuseSmoothing(choice);
  if (reference_free) refuseNeedOfReference(objectives);
  const combined = combine(objectives.map((objective, i) => ({ objective, weight: loss_weights?.[i] ?? 1 })));
  return reference_free ? withoutReference(combined) : combined;
}
