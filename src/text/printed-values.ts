/**
 * @file Makes templates print what Python prints: `@huggingface/jinja` 0.5 writes `true` for True and nothing for None.
 * In the parsed template, each expression that is printed, and each side of `~`, is put into a node of the type
 * `Printed`, which the interpreter of chat-template.ts knows.
 */

import { isTemplateNode, partsOf } from './template-tree';

const statements = new Set([
  'If',
  'For',
  'Set',
  'Macro',
  'CallStatement',
  'FilterStatement',
  'Break',
  'Continue',
  'Comment',
  'StringLiteral',
  'Printed',
]);

function markOne(node: unknown): unknown {
  return isTemplateNode(node) && !statements.has(String(node['type'])) ? { type: 'Printed', expression: node } : node;
}

/** Rewrites a parsed template in place. */
export function markPrinted(node: unknown): void {
  if (!isTemplateNode(node)) return;
  partsOf(node).forEach(markPrinted);
  for (const key of ['body', 'alternate', 'defaultBlock']) {
    const list = node[key];
    if (Array.isArray(list)) node[key] = list.map(markOne);
  }
  if (node['type'] === 'BinaryExpression' && isTemplateNode(node['operator']) && node['operator']['value'] === '~') {
    node['left'] = markOne(node['left']);
    node['right'] = markOne(node['right']);
  }
}

/** Python's text of True, False, None and whole floats; null for what prints alike in both. */
export function pythonText(type: string, value: unknown): string | null {
  if (type === 'BooleanValue') return value === true ? 'True' : 'False';
  if (type === 'FloatValue' && Number.isInteger(value)) return `${String(value)}.0`;
  return type === 'NullValue' ? 'None' : null;
}
