import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { Builder } from './builder';
import { buildGradient } from './gradient';
import { interpretStage } from './interpreter';
import { buildStageCases } from './operator-cases';
import { operators } from './operators/index';
import type { Value } from './value';

const cases = buildStageCases();

/** <seed, f(x + h u) - f(x - h u)> / 2h against <vjp(seed), u>, along one random direction of float inputs. */
function directionalErrors(stageCase: (typeof cases)[number], directions: number): number[] {
  const { forward, backward, inputs } = stageCase;
  if (!backward) throw new Error('no backward stage');
  const gradients = interpretStage(backward, inputs);
  const random = new Random(7);
  return Array.from({ length: directions }, () => {
    const step = 1e-6;
    const moved = { plus: { ...inputs }, minus: { ...inputs } };
    let analytic = 0;
    for (const [name, gradient] of Object.entries(gradients)) {
      const input = `x${name.slice(1)}`;
      const direction = Float64Array.from(gradient.data, () => random.normal());
      analytic += gradient.data.reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
      moved.plus[input] = (inputs[input] as Float64Array).map((value, i) => value + step * (direction[i] as number));
      moved.minus[input] = (inputs[input] as Float64Array).map((value, i) => value - step * (direction[i] as number));
    }
    const plus = interpretStage(forward, moved.plus);
    const minus = interpretStage(forward, moved.minus);
    let numeric = 0;
    Object.keys(forward.outputs).forEach((name, k) => {
      const seed = inputs[`seed${k}`] as Float64Array;
      seed.forEach((weight, i) => {
        numeric += (weight * ((plus[name]?.data[i] as number) - (minus[name]?.data[i] as number))) / (2 * step);
      });
    });
    return Math.abs(analytic - numeric) / Math.max(1, Math.abs(numeric));
  });
}

describe('the operator table', () => {
  it('has cases for every operator', () => {
    for (const [op, operator] of Object.entries(operators)) expect(operator.cases.length, op).toBeGreaterThan(0);
  });

  it('says why an operator has no gradient', () => {
    for (const [op, operator] of Object.entries(operators)) {
      if (typeof operator.vjp !== 'function') expect(operator.vjp.none, op).toMatch(/\w+ \w+/);
    }
  });

  for (const stageCase of cases.filter(({ backward }) => backward !== null)) {
    it(`differentiates ${stageCase.name}`, () => {
      for (const error of directionalErrors(stageCase, 3)) expect(error).toBeLessThan(1e-7);
    });
  }

  it('tells a wrong gradient from a right one', () => {
    const right = cases.find(({ name }) => name === 'Mul: same shape');
    if (!right?.backward) throw new Error('case missing');
    const wrong = {
      ...right,
      backward: {
        ...right.backward,
        outputs: { d0: right.backward.outputs['d1'] as Value, d1: right.backward.outputs['d0'] as Value },
      },
    };
    expect(Math.max(...directionalErrors(wrong, 3))).toBeGreaterThan(1e-3);
  });
});

describe('buildGradient', () => {
  it('adds the gradients of a value used twice, scatters included', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [2, 3]);
    const index = g.input('index', 'int32', [2, 1]);
    const y = g.sub(g.gatherElements(x, index, 1), g.reduceLogSumExp(x, [1]));
    const [dx] = buildGradient(g, new Map([[y, g.constant(1, [2, 1])]]), [x]) as [Value];
    const stage = { name: 'log-softmax', inputs: { x, index }, outputs: { dx } };
    const { dx: result } = interpretStage(stage, {
      x: Float64Array.of(1, 2, 3, 0, 0, 0),
      index: Float64Array.of(2, 0),
    });
    // onehot - softmax
    const norm = Math.exp(1) + Math.exp(2) + Math.exp(3);
    const expected = [-Math.exp(1) / norm, -Math.exp(2) / norm, 1 - Math.exp(3) / norm, 2 / 3, -1 / 3, -1 / 3];
    result?.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 12));
  });

  it('gives zeros where no path leads', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [2]);
    const y = g.input('y', 'float32', [3]);
    const [dy] = buildGradient(g, new Map([[x, g.constant(1, [2])]]), [y]) as [Value];
    expect([...(interpretStage({ name: 's', inputs: {}, outputs: { dy } }, {})['dy']?.data ?? [])]).toEqual([0, 0, 0]);
  });

  it('refuses to differentiate through a comparison, saying why', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [2]);
    const step = g.greaterOrEqual(x, g.constant(0));
    expect(() => buildGradient(g, new Map([[step, step]]), [x])).toThrow(
      /GreaterOrEqual has no gradient \(its result is a truth value\)/,
    );
    const y = g.cast(step, 'float32');
    expect(() => buildGradient(g, new Map([[y, g.constant(1, [2])]]), [x])).toThrow(
      /Cast from bool to float32 has no gradient/,
    );
  });
});

describe('Builder', () => {
  it('raises a shape error where the graph is built, with operator, shapes and sources', () => {
    const g = new Builder();
    const x = g.input('hidden', 'float32', [3, 4]);
    const w = g.input('weight', 'float32', [5, 6]);
    expect(() => g.gemm(x, w)).toThrow(
      /Gemm\(input 'hidden' float32\[3, 4\], input 'weight' float32\[5, 6\]\).*inner dimensions 4 and 5 differ/,
    );
    expect(() => g.add(x, w)).toThrow(/do not broadcast/);
    expect(() => g.reshape(x, [5])).toThrow(/12 elements do not fit/);
    expect(() => g.gather(x, w)).toThrow(/indices are float32; they must be int32/);
  });

  it('refuses shapes and types that an operator cannot take', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [3, 4]);
    const indices = (...shape: number[]) => g.input(`indices ${shape.join()}`, 'int32', shape);
    expect(() => g.gatherElements(x, indices(3), 1)).toThrow(/do not fit/);
    expect(() => g.gatherElements(x, indices(4, 4), 1)).toThrow(/do not fit/);
    expect(g.gatherElements(x, indices(2, 9), 1).shape).toEqual([2, 9]);
    expect(() => g.gemm(g.input('cube', 'float32', [2, 3, 4]), x)).toThrow(/is not a matrix/);
    expect(g.gemm(x, g.input('fits', 'float32', [4, 2])).shape).toEqual([3, 2]);
    expect(() => g.add(x, indices(3, 4))).toThrow(/operands are float32 and int32/);
    expect(g.reshape(x, [2, 6]).shape).toEqual([2, 6]);
  });

  it('makes equal expressions one value', () => {
    const g = new Builder();
    const x = g.input('x', 'float32', [3]);
    expect(g.exp(x)).toBe(g.exp(x));
    expect(g.exp(x)).not.toBe(g.neg(x));
  });

  it('refuses values of another builder', () => {
    const x = new Builder().input('x', 'float32', [3]);
    expect(() => new Builder().exp(x)).toThrow(/belongs to another builder/);
  });
});
