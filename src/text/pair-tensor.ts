/**
 * @file A pair as the tensors that training sees: every token with its id, in which part it stands, and what was cut.
 * The ids are encodePair's own, once with training's limit and once without, for the tokens that the limit cuts off.
 */
import type { SeenToken, PairTensor } from '../run/reports';
import type { PreferencePair } from '../data/preference-pair';
import { encodePair, type EncodeContext } from './encode-pair';
import type { Tokenizer } from './tokenizer';

/** The token as text where it is whole characters; otherwise (a part of a character) as the vocabulary spells it. */
function textOf(tokenizer: Tokenizer, id: number): string {
  const spelled = tokenizer.tokenText(id);
  if (spelled.startsWith('▁')) return spelled.replaceAll('▁', ' ');
  const text = tokenizer.decode([id], { skipSpecialTokens: false });
  return text === '' || text.includes('\ufffd') ? spelled : text;
}

/** Most tokens that one group of cut characters is looked for in. */
const longestGroup = 12;

/** Finds the tokens from a place on that are whole characters only together; null where the first is by itself. */
function joinedAt(tokenizer: Tokenizer, ids: readonly number[], from: number): SeenToken['joined'] | null {
  for (let tokens = 1; tokens <= longestGroup && from + tokens <= ids.length; tokens++) {
    const text = tokenizer.decode(ids.slice(from, from + tokens), { skipSpecialTokens: false });
    if (!text.includes('\ufffd')) return tokens === 1 ? null : { text, tokens };
  }
  return null;
}

/** Describes tokens for people: characters that are cut into several, as Korean often is, are told on the first. */
function seeTokens(tokenizer: Tokenizer, ids: readonly number[]): SeenToken[] {
  let next = 0;
  return ids.map((id, i) => {
    const seen = { id, text: textOf(tokenizer, id), isSpecial: tokenizer.isSpecial(id) };
    const joined = i < next ? null : joinedAt(tokenizer, ids, i);
    if (!joined) return seen;
    next = i + joined.tokens;
    return { ...seen, joined };
  });
}

/** Shows every token of one pair as training will see it, and those that are cut off. */
export function lookAtPair(pair: PreferencePair, context: EncodeContext): PairTensor {
  const { tokenizer } = context;
  const see = (ids: readonly number[]): SeenToken[] => seeTokens(tokenizer, ids);
  const { eosTokenId } = tokenizer;
  const outcome = encodePair(pair, context);
  const whole = encodePair(pair, { ...context, maxLength: Infinity });
  if (!outcome.ok) {
    // What the limit alone refuses is shown, all of its completions as cut.
    const ids = whole.ok ? whole.pair : { promptIds: [], chosenIds: [], rejectedIds: [] };
    return {
      prompt: see(ids.promptIds),
      chosen: [],
      rejected: [],
      chosenCut: see(ids.chosenIds),
      rejectedCut: see(ids.rejectedIds),
      eosTokenId,
      warnings: [],
      problem: outcome.problem,
    };
  }
  const { promptIds, chosenIds, rejectedIds, warnings } = outcome.pair;
  const cut = (side: 'chosenIds' | 'rejectedIds', kept: readonly number[]) =>
    see(whole.ok ? whole.pair[side].slice(kept.length) : []);
  return {
    prompt: see(promptIds),
    chosen: see(chosenIds),
    rejected: see(rejectedIds),
    chosenCut: cut('chosenIds', chosenIds),
    rejectedCut: cut('rejectedIds', rejectedIds),
    eosTokenId,
    warnings,
    problem: null,
  };
}

/** Lists the text of every special token, which the data had better not write out. */
export function specialTexts(tokenizer: Tokenizer): readonly string[] {
  return Array.from({ length: tokenizer.vocabularySize }, (_, id) => id)
    .filter((id) => tokenizer.isSpecial(id))
    .map((id) => tokenizer.tokenText(id))
    .filter((text) => text !== '');
}
