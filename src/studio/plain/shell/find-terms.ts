/** @file Which words of the glossary a search leaves. Pure. */

/** Those in whose name or meaning each word of the search stands; the ones that have it in the name first. */
export function findTerms<T extends { readonly name: string; readonly meaning: string }>(
  terms: readonly T[],
  search: string,
): readonly T[] {
  const plain = (text: string): string => text.normalize('NFC').toLowerCase();
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  const has = (text: string) => words.every((word) => plain(text).includes(word));
  const found = terms.filter(({ name, meaning }) => has(`${name}\n${meaning}`));
  return [...found.filter(({ name }) => has(name)), ...found.filter(({ name }) => !has(name))];
}
