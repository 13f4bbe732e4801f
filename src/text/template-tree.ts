/**
 * @file The syntax tree that `@huggingface/jinja` makes of a template, as the rewriters of this folder walk it: plain
 * objects with a `type`, lists of them, and Maps where the template has an object literal.
 */
export type TemplateNode = Record<string, unknown>;

/** Tells nodes, and the lists and Maps that hold them, from plain values. */
export function isTemplateNode(value: unknown): value is TemplateNode {
  return typeof value === 'object' && value !== null;
}

/** Everything that a node, a list or a Map holds, nodes or not. */
export function partsOf(node: TemplateNode): unknown[] {
  return [...(node instanceof Map ? [...node].flat(1) : []), ...Object.values(node)];
}
