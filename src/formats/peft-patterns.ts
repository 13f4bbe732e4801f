/**
 * @file `rank_pattern` and `alpha_pattern` of a PEFT adapter: ranks and scales that some modules have of their own.
 * Such an adapter is read as one of its highest rank: a module of a lower one gets rows and columns of zeros, which add
 * exactly nothing and have no gradient, and one of another scale has it in its B.
 */
import { UserError } from '../core/errors';
import { isJsonObject } from '../core/json';
import { message } from '../messages/message';
import type { LoraAdapter, LoraModule } from './peft';

/** What the config gives every module, and those that its patterns name. */
export interface RankAndScale {
  readonly r: number;
  /** What B A is multiplied by. */
  readonly scale: number;
}

type Config = Readonly<Record<string, unknown>>;

/** PEFT's rule: a pattern is an expression for a module's path, or for its end from a dot on. */
function compile(key: string, pattern: string, file: string): RegExp {
  try {
    // Groups by name, looking behind and flags are written otherwise in Python.
    if (pattern.length > 200 || /\(\?(?!:)/.test(pattern)) throw new SyntaxError(pattern);
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`, 'u');
  } catch {
    const reason = message('patternUnread');
    throw new UserError('loraOptionUnsupported', { file, key, value: JSON.stringify(pattern), reason });
  }
}

/** The value of the first pattern that a module's path matches; null where there is none. */
function readPattern(config: Config, key: string, file: string): (path: string) => number | null {
  const given = config[key];
  if (given === undefined || given === null) return () => null;
  const isRank = key === 'rank_pattern';
  const isValue = (value: unknown): value is number =>
    Number.isFinite(value) && (!isRank || (Number.isInteger(value) && (value as number) > 0));
  const entries = isJsonObject(given) ? Object.entries(given) : [['', given] as const];
  const patterns = entries.map(([pattern, value]) => {
    if (isValue(value)) return { expression: compile(key, pattern, file), value };
    throw new UserError('patternValueBad', { file, key, pattern, value: JSON.stringify(value) });
  });
  return (path) => patterns.find(({ expression }) => expression.test(path))?.value ?? null;
}

/** Reads the patterns; null where the config has none, so that every module has the config's own rank and scale. */
export function readPatterns(
  config: Config,
  file: string,
  {
    r,
    lora_alpha,
    isRankStabilised,
  }: { readonly r: number; readonly lora_alpha: number; readonly isRankStabilised: boolean },
): ((path: string) => RankAndScale) | null {
  const isEmpty = (value: unknown) => value == null || (isJsonObject(value) && Object.keys(value).length === 0);
  if (isEmpty(config['rank_pattern']) && isEmpty(config['alpha_pattern'])) return null;
  const rankOf = readPattern(config, 'rank_pattern', file);
  const alphaOf = readPattern(config, 'alpha_pattern', file);
  return (path) => {
    const rank = rankOf(path) ?? r;
    return { r: rank, scale: (alphaOf(path) ?? lora_alpha) / (isRankStabilised ? Math.sqrt(rank) : rank) };
  };
}

/** The module with this rank, its B times `factor`. */
function widen({ A, B }: LoraModule, rank: number, factor: number): LoraModule {
  const [own, width] = A.shape;
  const [rows] = B.shape;
  const a = new Float32Array(rank * width);
  a.set(A.data);
  const b = new Float32Array(rows * rank);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < own; column++) b[row * rank + column] = (B.data[row * own + column] ?? 0) * factor;
  return { A: { shape: [rank, width], data: a }, B: { shape: [rows, rank], data: b } };
}

/** The adapter's modules at one rank and one scale, with the same updates. */
export function evenOut(
  modules: ReadonlyMap<string, LoraModule>,
  of: (path: string) => RankAndScale,
): Pick<LoraAdapter, 'r' | 'lora_alpha' | 'modules' | 'isRescaled'> {
  const each = [...modules].map(([path, module]) => ({ path, module, ...of(path) }));
  const r = Math.max(...each.map((one) => one.r));
  const scales = each.map(({ scale }) => scale).filter((scale) => scale !== 0);
  // The scale that most modules have: their matrices stay as they are.
  const count = (scale: number) => scales.filter((other) => other === scale).length;
  const common = scales.reduce((best, scale) => (count(scale) > count(best) ? scale : best), scales[0] ?? 1);
  return {
    r,
    lora_alpha: common * r,
    isRescaled: scales.some((scale) => scale !== common),
    modules: new Map(each.map(({ path, module, scale }) => [path, widen(module, r, scale / common)])),
  };
}
