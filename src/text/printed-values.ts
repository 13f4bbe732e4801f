/**
 * @file Makes templates print what Python prints: `@huggingface/jinja` 0.5 writes `true` for True and nothing for None.
 * In the parsed template, each expression that is printed, and each side of `~`, is put into a node of the type
 * `Printed`, which the interpreter of chat-template.ts knows.
 */

type Node = Record<string, unknown>;

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

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

function print(node: unknown): unknown {
  return isNode(node) && !statements.has(String(node['type'])) ? { type: 'Printed', expression: node } : node;
}

/** Rewrites a parsed template in place. */
export function markPrinted(node: unknown): void {
  if (!isNode(node)) return;
  if (node instanceof Map) for (const [key, value] of node) [key, value].forEach(markPrinted);
  for (const child of Object.values(node)) markPrinted(child);
  for (const key of ['body', 'alternate', 'defaultBlock']) {
    const list = node[key];
    if (Array.isArray(list)) node[key] = list.map(print);
  }
  if (node['type'] === 'BinaryExpression' && isNode(node['operator']) && node['operator']['value'] === '~') {
    node['left'] = print(node['left']);
    node['right'] = print(node['right']);
  }
}

/** Python's text of True, False, None and whole floats; null for what prints alike in both. */
export function pythonText(type: string, value: unknown): string | null {
  if (type === 'BooleanValue') return value === true ? 'True' : 'False';
  if (type === 'FloatValue' && Number.isInteger(value)) return `${String(value)}.0`;
  return type === 'NullValue' ? 'None' : null;
}
