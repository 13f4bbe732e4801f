/**
 * @file Gives `strip`, `lstrip` and `rstrip` of chat templates their argument: `@huggingface/jinja` 0.5 ignores it and
 * strips all whitespace, which changes the text of Qwen3's templates (`content.lstrip('\n')`).
 * In the parsed template, `text.lstrip(chars)` becomes `python_lstrip(text, chars)`; calls without argument stay.
 */

import { isTemplateNode, partsOf, type TemplateNode } from './template-tree';

const methods = ['strip', 'lstrip', 'rstrip'] as const;

/** Rewrites one call in place if it is one of the three methods with an argument. */
function rewriteCall(node: TemplateNode): void {
  const { callee, args } = node;
  if (node['type'] !== 'CallExpression' || !isTemplateNode(callee) || !Array.isArray(args) || args.length === 0) return;
  const name = callee['property'];
  if (callee['type'] !== 'MemberExpression' || callee['computed'] === true || !isTemplateNode(name)) return;
  if (!methods.some((method) => name['value'] === method)) return;
  name['value'] = `python_${String(name['value'])}`;
  node['args'] = [callee['object'], ...(args as unknown[])];
  node['callee'] = name;
}

/** Rewrites a parsed template in place: its nodes, the lists of them and the maps of object literals. */
export function rewriteStripCalls(node: unknown): void {
  if (!isTemplateNode(node)) return;
  rewriteCall(node);
  partsOf(node).forEach(rewriteStripCalls);
}

/** Python's str.strip family: `characters` is a set; None strips whitespace. */
function strip(text: unknown, characters: unknown, start: boolean, end: boolean): string {
  if (typeof text !== 'string') throw new Error('only a string can be stripped');
  const all = Array.from(text);
  const set = typeof characters === 'string' ? new Set(characters) : null;
  const goes = (character: string | undefined) =>
    character !== undefined && (set === null ? character.trim() === '' : set.has(character));
  let from = 0;
  let to = all.length;
  while (start && from < to && goes(all[from])) from++;
  while (end && to > from && goes(all[to - 1])) to--;
  return all.slice(from, to).join('');
}

/** The functions that rewritten templates call. */
export const stripFunctions = {
  python_strip: (text: unknown, characters: unknown) => strip(text, characters, true, true),
  python_lstrip: (text: unknown, characters: unknown) => strip(text, characters, true, false),
  python_rstrip: (text: unknown, characters: unknown) => strip(text, characters, false, true),
};
