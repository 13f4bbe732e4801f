import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { english } from './english';
import * as layers from './english/layers';
import { message, sentenceOf, type MessageCode } from './message';

describe('a message', () => {
  it('says its values', () => {
    expect(sentenceOf(message('onlyWith', { names: '"sft"' }))).toBe('only with "sft"');
    expect(sentenceOf(message('onlyAlone'))).toBe('only alone');
  });

  it('says messages among its values in the same language', () => {
    const said = message('lossTypesUndefined', { name: 'ipo', other: 'sigmoid', rule: message('onlyAlone') });
    expect(sentenceOf(said)).toBe(
      '`loss_type` lists "ipo" with "sigmoid", and nobody has defined their sum; use "ipo" only alone.',
    );
    expect(sentenceOf(said, { ...english, onlyAlone: '단독으로만' })).toContain('use "ipo" 단독으로만.');
  });

  it('survives being posted and stored', () => {
    const { said } = new UserError('inSettings', { where: 'run.yaml', problem: message('exoNeedsSmoothing') });
    expect(sentenceOf(structuredClone(said))).toBe(sentenceOf(said));
  });

  it('of words is those words', () => {
    expect(sentenceOf('Any words.')).toBe('Any words.');
  });

  it('of a code that this Airlock does not know shows code and values', () => {
    const code = 'constructor' as MessageCode;
    expect(sentenceOf({ code, values: { file: 'a.json' } })).toBe('constructor {"file":"a.json"}');
  });
});

it('has one entry for each code', () => {
  const codes = Object.values(layers).flatMap((layer) => Object.keys(layer));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(english)).toHaveLength(codes.length);
});

describe('a UserError', () => {
  it('has the English sentence as its message, and its code', () => {
    const error = new UserError('lossWeightsCount', { count: 1, wanted: 2 });
    expect(error.message).toBe('`loss_weights` has 1 entries for 2 loss types; give one each.');
    expect(error.code).toBe('lossWeightsCount');
  });
});
