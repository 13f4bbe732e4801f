/**
 * @file What an office demands, in `office.json` beside the page: a reason and an approver for exports, and a grade
 * label on everything. A file that cannot be read demands all of it: nobody gets around it by breaking it.
 */
import { z } from '../../../core/zod';

const officeSchema = z.strictObject({
  /** Shown on every screen and written into every export: "대외비". */
  label: z.string().min(1).max(60).nullable().default(null),
  exports: z
    .strictObject({ reason: z.boolean().default(false), approver: z.boolean().default(false) })
    .default({ reason: false, approver: false }),
});

export interface Office extends Readonly<z.output<typeof officeSchema>> {
  /** Whether the file is there and cannot be understood. */
  readonly isBroken: boolean;
}

export const noOffice: Office = { label: null, exports: { reason: false, approver: false }, isBroken: false };
const brokenOffice: Office = { label: null, exports: { reason: true, approver: true }, isBroken: true };

/** Why something leaves, as it was typed. */
export interface Why {
  readonly reason: string;
  readonly approver: string;
}

/** Whether all is given that the office demands of an export. */
export const isWhyGiven = ({ exports }: Pick<Office, 'exports'>, { reason, approver }: Why): boolean =>
  (!exports.reason || reason.trim() !== '') && (!exports.approver || approver.trim() !== '');

/** @param text null where there is no such file */
export function readOffice(text: string | null): Office {
  if (text === null) return noOffice;
  try {
    return { ...officeSchema.parse(JSON.parse(text)), isBroken: false };
  } catch {
    return brokenOffice;
  }
}
