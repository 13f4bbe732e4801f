/**
 * @file Turns the operator table's cases into stages with seeded inputs, for every test that runs them: finite
 * differences, interpreter against WASM, WASM against WebGPU. A case's backward stage is its VJP with random seeds.
 */
import { float16ToFloat32, float32ToFloat16 } from '../core/float';
import { Random } from '../core/random';
import { sizeOf } from '../core/shape';
import { Builder } from './builder';
import { buildGradient } from './gradient';
import type { CaseInput, Operator, OperatorName } from './operator';
import { operators } from './operators/index';
import type { Stage, Value } from './value';

export interface StageCase {
  readonly name: string;
  readonly op: OperatorName;
  readonly forward: Stage;
  /** Null where the operator has no VJP. Its inputs are the forward's and one seed an output, `seed0`, ... */
  readonly backward: Stage | null;
  readonly inputs: Readonly<Record<string, Float64Array>>;
}

/** Attention within a row has no form that the runtime takes: such cases run on kernels of our own. */
export const isForRuntime = ({ op }: StageCase): boolean => op !== 'Attention' && op !== 'AttentionGrad';

/** Draws values that the dtype can hold exactly, so that every device starts from the same numbers. */
export function drawValues(random: Random, { shape, draw = 'normal', dtype }: CaseInput): Float64Array {
  return Float64Array.from({ length: sizeOf(shape) }, () => {
    if (typeof draw === 'object') return 'all' in draw ? draw.all : random.integer(draw.below);
    const value = random.normal();
    if (dtype === 'float16') return float16ToFloat32(float32ToFloat16(value));
    return Math.fround(dtype === 'float32' && draw === 'positive' ? 0.5 + Math.abs(value) : value);
  });
}

/** Bools do not cross to a device: a case's bool input is fed as int32 and compared with 1 inside. */
function caseInput(g: Builder, name: string, input: CaseInput): { fed: Value; value: Value } {
  if (input.dtype !== 'bool') {
    const value = g.input(name, input.dtype, input.shape);
    return { fed: value, value };
  }
  const fed = g.input(name, 'int32', input.shape);
  return { fed, value: g.equal(fed, g.constant(1, [], 'int32')) };
}

/** Lets a bool result leave as int32, for the same reason. */
const leaving = (g: Builder, value: Value): Value => (value.dtype === 'bool' ? g.cast(value, 'int32') : value);

/** Builds the stages of every case in the operator table, with seeded inputs: the same ones on each call. */
export function buildStageCases(): StageCase[] {
  const random = new Random(20260);
  return (Object.keys(operators) as OperatorName[]).flatMap((op) => {
    const operator = operators[op] as unknown as Operator<OperatorName>;
    return operator.cases.map((operatorCase): StageCase => {
      const name = `${op}: ${operatorCase.name}`;
      const g = new Builder();
      const inputs: Record<string, Float64Array> = {};
      const stageInputs: Record<string, Value> = {};
      const values = operatorCase.inputs.map((input, i) => {
        inputs[`x${i}`] = drawValues(random, input);
        const { fed, value } = caseInput(g, `x${i}`, input);
        stageInputs[`x${i}`] = fed;
        return value;
      });
      const outputs = g.emit(op, values, operatorCase.attributes);
      const forward: Stage = {
        name,
        inputs: stageInputs,
        outputs: Object.fromEntries(outputs.map((y, i) => [`y${i}`, leaving(g, y)])),
      };
      const differentiable = values.filter((value) => value.dtype === 'float32');
      const smooth = differentiable.length > 0 && outputs.every((y) => y.dtype === 'float32');
      if (typeof operator.vjp !== 'function' || !smooth) return { name, op, forward, backward: null, inputs };
      const seeds = new Map(outputs.map((y, i) => [y, g.input(`seed${i}`, 'float32', y.shape)]));
      [...seeds.values()].forEach((seed, i) => {
        inputs[`seed${i}`] = drawValues(random, { dtype: 'float32', shape: seed.shape });
      });
      const gradients = buildGradient(g, seeds, differentiable);
      const backward: Stage = {
        name: `${name}, gradient`,
        inputs: { ...stageInputs, ...Object.fromEntries([...seeds.values()].map((seed, i) => [`seed${i}`, seed])) },
        outputs: Object.fromEntries(
          differentiable.map((value, i) => [`d${values.indexOf(value)}`, gradients[i] as Value]),
        ),
      };
      return { name, op, forward, backward, inputs };
    });
  });
}
