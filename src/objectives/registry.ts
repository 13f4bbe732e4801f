/**
 * @file The objectives by TRL's names, and the choice of one for a run.
 */
import { UserError } from '../core/errors';
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
  if (names.length === 0) throw new UserError(`\`loss_type\` is an empty list; name at least one of: ${supported}.`);
  return names.map((name) => {
    const objective = preferenceObjectives.get(name);
    if (!objective) throw new UserError(`\`loss_type\` "${name}" is not supported; supported: ${supported}.`);
    return objective;
  });
}

function refuseStrangers(names: readonly string[]): void {
  for (const name of names) {
    const allowed = companions[name];
    const stranger = names.find((other) => other !== name && !allowed?.includes(other));
    if (!allowed || stranger === undefined) continue;
    const rule = allowed.length > 0 ? `only with ${quoted(allowed)}` : 'only alone';
    throw new UserError(
      `\`loss_type\` lists "${name}" with "${stranger}", and nobody has defined their sum; use "${name}" ${rule}.`,
    );
  }
}

/** An option that is set and that nothing reads is a misunderstanding: TRL trains on without a word. */
function refuseUnread(choice: ObjectiveChoice, objectives: readonly Objective[]): void {
  for (const key of Object.keys(defaultObjectiveOptions) as (keyof ObjectiveOptions)[]) {
    if (key === 'beta' || choice[key] === defaultObjectiveOptions[key]) continue;
    if (objectives.some(({ reads }) => reads.includes(key))) continue;
    const readers = all.filter(({ reads }) => reads.includes(key)).map(({ name }) => name);
    throw new UserError(
      `\`${key}\` is ${choice[key]}, but ${quoted(choice.loss_type)} does not use it; leave it out, or choose a \`loss_type\` that does: ${readers.join(', ')}.`,
    );
  }
}

function refuseSmoothing({ loss_type, label_smoothing }: ObjectiveChoice): void {
  if (label_smoothing === 0 && loss_type.includes('exo_pair')) {
    throw new UserError('`label_smoothing` is 0, but "exo_pair" needs it above 0; its paper recommends 0.001.');
  }
  const other = loss_type.find((name) => name === 'robust' || name === 'exo_pair');
  if (label_smoothing !== 0 && other !== undefined && loss_type.includes('sigmoid')) {
    throw new UserError(
      `\`label_smoothing\` is ${label_smoothing} for "sigmoid" and "${other}" together; TRL gives it to "${other}" alone, the DPO authors to "sigmoid" too, so leave one of the two losses out.`,
    );
  }
}

function refuseNeedOfReference(objectives: readonly Objective[]): void {
  const needy = objectives.find(({ usesReference, reads }) => usesReference && !reads.includes('reference_free'));
  if (needy)
    throw new UserError(
      `\`reference_free\` is true, but "${needy.name}" has no meaning without a reference; set it to false, or leave that loss out.`,
    );
}

/** One objective for a run; combinations that nobody defined are refused. */
export function chooseObjective(choice: ObjectiveChoice): Objective {
  const { method, loss_type, loss_weights, reference_free } = choice;
  if (method === 'sft') return sft;
  const objectives = findObjectives(loss_type);
  if (loss_weights !== null && loss_weights.length !== loss_type.length) {
    throw new UserError(
      `\`loss_weights\` has ${loss_weights.length} entries for ${loss_type.length} loss types; give one each.`,
    );
  }
  refuseStrangers(loss_type);
  refuseUnread(choice, objectives);
  refuseSmoothing(choice);
  if (reference_free) refuseNeedOfReference(objectives);
  const combined = combine(objectives.map((objective, i) => ({ objective, weight: loss_weights?.[i] ?? 1 })));
  return reference_free ? withoutReference(combined) : combined;
}
