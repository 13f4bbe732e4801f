/**
 * @file Control tokens of the model written out in the data: the tokenizer reads them as the tokens themselves, not as
 * text.
 */
import { isChatPair, type PreferencePair } from '../preference-pair';

/**
 * Edits every text of a pair. An end-of-sequence token that ends a text completion belongs there and is left: training
 * adds no second one.
 */
function mapTexts(pair: PreferencePair, eosToken: string | null, edit: (text: string) => string): PreferencePair {
  if (isChatPair(pair)) {
    const messages = (list: typeof pair.prompt) => list.map(({ role, content }) => ({ role, content: edit(content) }));
    return { prompt: messages(pair.prompt), chosen: messages(pair.chosen), rejected: messages(pair.rejected) };
  }
  const completion = (text: string) =>
    eosToken !== null && text.endsWith(eosToken) ? edit(text.slice(0, -eosToken.length)) + eosToken : edit(text);
  return { prompt: edit(pair.prompt), chosen: completion(pair.chosen), rejected: completion(pair.rejected) };
}

/** Lists the tokens that stand in the pair's texts. */
export function specialTokensIn(
  pair: PreferencePair,
  tokens: readonly string[],
  eosToken: string | null,
): readonly string[] {
  const found = new Set<string>();
  mapTexts(pair, eosToken, (text) => {
    for (const token of tokens) if (text.includes(token)) found.add(token);
    return text;
  });
  return [...found];
}

/** Takes the tokens out again and again, for what is left may join to another one. */
export function withoutSpecialTokens(
  pair: PreferencePair,
  tokens: readonly string[],
  eosToken: string | null,
): PreferencePair {
  return mapTexts(pair, eosToken, (text) => {
    let [before, after] = ['', text];
    while (before !== after) {
      before = after;
      for (const token of tokens) after = after.replaceAll(token, '');
    }
    return after;
  });
}
