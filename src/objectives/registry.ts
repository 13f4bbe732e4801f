/**
 * @file The objectives by TRL's names, and the choice of one for a run.
 */
import { UserError } from '../core/errors';
import { sigmoid } from './dpo';
import type { Objective } from './objective';
import { sft } from './sft';

/** By TRL's loss_type. */
const preferenceObjectives: Readonly<Record<string, Objective>> = { sigmoid };

export interface ObjectiveChoice {
  readonly method: 'dpo' | 'sft';
  readonly loss_type: readonly string[];
  readonly loss_weights: readonly number[] | null;
  readonly label_smoothing: number;
}

/** One objective for a run; combinations that nobody defined are refused. */
export function chooseObjective({ method, loss_type, loss_weights, label_smoothing }: ObjectiveChoice): Objective {
  if (method === 'sft') return sft;
  const supported = Object.keys(preferenceObjectives).join(', ');
  for (const name of loss_type) {
    if (!preferenceObjectives[name]) throw new UserError(`\`loss_type\` "${name}" is not supported; supported: ${supported}.`);
  }
  const name = loss_type[0];
  if (name === undefined || loss_type.length > 1) {
    throw new UserError(`\`loss_type\` lists ${loss_type.length} losses; name exactly one of: ${supported}.`);
  }
  const weight = loss_weights === null ? 1 : loss_weights[0];
  if (weight === undefined || (loss_weights !== null && loss_weights.length !== loss_type.length)) {
    throw new UserError(`\`loss_weights\` has ${loss_weights?.length} entries for ${loss_type.length} loss types; give one each.`);
  }
  if (label_smoothing !== 0 && name === 'sigmoid') {
    throw new UserError(`\`label_smoothing\` is ${label_smoothing}, but "sigmoid" has no label smoothing (TRL 1.13 ignores it silently); set it to 0.`);
  }
  const objective = preferenceObjectives[name] as Objective;
  return weight === 1 ? objective : weighted(objective, weight);
}

function weighted(objective: Objective, weight: number): Objective {
  return {
    ...objective,
    evaluate: (policy, reference, options) => {
      const { loss, chosen, rejected } = objective.evaluate(policy, reference, options);
      return { loss: weight * loss, chosen: chosen.map((v) => weight * v), rejected: rejected.map((v) => weight * v) };
    },
  };
}
