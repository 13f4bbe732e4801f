/** @file Names in the report's table cells and sentences: a short one is never broken, a long one where it must. */

/** Names up to so many letters are never broken. */
const longestWholeName = 26;

const isWhole = (name: string) => Array.from(name).length <= longestWholeName;

export function Name({ children }: { readonly children: string }) {
  return <span className={isWhole(children) ? 'whole' : 'long'}>{children}</span>;
}

/** A sentence in which these names stay whole where they occur. */
export function WithNames({ children, names }: { readonly children: string; readonly names: readonly string[] }) {
  const whole = names.filter((name) => name !== '' && isWhole(name)).toSorted((a, b) => b.length - a.length);
  if (whole.length === 0) return children;
  const escaped = whole.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const parts = children.split(new RegExp(`(${escaped.join('|')})`));
  return parts.map((part, index) => (index % 2 === 1 ? <Name key={index}>{part}</Name> : part));
}
