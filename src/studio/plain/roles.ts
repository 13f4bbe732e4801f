/**
 * @file Who is meant by a colour. Base, SFT and DPO have one colour each, the same in columns, charts, win rates and
 * report; a second adapter of one method gets a spare one. None of them is that of chosen or rejected answers.
 */

const roles = ['base', 'sft', 'dpo'] as const;
export type Role = (typeof roles)[number];

export const isRole = (value: unknown): value is Role => roles.some((role) => role === value);

/** The role of what was trained by a method; null where it has none of its own. */
export const roleOfMethod = (method: string): Role | null => (isRole(method) ? method : null);

/** Colours for those whose role is taken or unknown, in turn. */
export const spareColours = ['spare-1', 'spare-2', 'spare-3'] as const;

/** A colour token of styles/tokens.css, `--series-NAME`. */
export type RoleColour = Role | (typeof spareColours)[number];

/** Gives each who stands beside others a colour: the base and the first of a role their own, all others spare ones. */
export function roleColours(roles: readonly (Role | null)[]): readonly RoleColour[] {
  let spared = 0;
  return roles.map((role, index) =>
    role === 'base' || (role !== null && roles.indexOf(role) === index)
      ? role
      : (spareColours[spared++ % spareColours.length] ?? 'spare-1'),
  );
}
