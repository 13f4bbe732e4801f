/** @file What the studio keeps in the browser: the storage's records with the schemas of the studio's own forms. */
import { z } from '../../core/zod';
import type { KeyValue } from '../../storage/key-value';
import { createStudioStorage, type StudioStorage } from '../../storage/studio-storage';
import { mapping, type Kept } from '../../storage/versioned';
import { columnsSchema } from './compare/columns';
import { draftSchema } from './compare/draft';
import { keptJudgeSchema } from './compare/kept-judges';
import { samplingSchema } from './compare/sampling';
import { promptSetFormSchema } from './compare/prompt-set/prompt-set-form';
import { rememberedPlansSchema } from './data/remembered-plans';
import { ruleFormsSchema, type RuleForms } from './data/rule-form';
import { rowFilters } from './data/row-filters';
import { demonstrationFormSchema } from './demonstration/demonstration-form';
import { sweepFormSchema } from './frontier/sweep-form';
import { judgeFormSchema } from './judge/judge-form';
import { keptRateSchema } from './rounds/rates';
import { roundFormSchema } from './rounds/round-form';
import { roundSchema } from './rounds/round';
import { keptResultSchema, type KeptResult } from './starter/kept-result';
import { trainFormSchema } from './train/kept-form';

/** The schema of each kept setting. A setting that was never changed is not kept. */
const settings = {
  device: z.enum(['auto', 'webgpu', 'wasm']),
  training: trainFormSchema,
  /** The runs that a training begins from; that they still exist is looked at when it starts. */
  start: mapping({
    startFrom: z.string().nullable().default(null),
    reference: z.string().nullable().default(null),
  }),
  /** The stored model that was opened last, and whether that ended well: only then is it opened again by itself. */
  lastModel: mapping({ id: z.string().nullable(), isReopened: z.boolean() }),
  /** The name that the audit log writes down. */
  person: z.string(),
  /** When everything was backed up last, and the file's SHA-256 (hex). */
  lastBackup: mapping({ at: z.string(), sha256: z.string() }),
  /** The task of a starter that has not ended yet; null where it has, or a person stopped it. */
  starterDue: z.string().nullable(),
  /** Ids of interrupted runs that are no longer offered to go on. */
  dismissed: z.array(z.string()),
  /** The data set that was open. */
  dataset: z.string(),
  sampling: samplingSchema,
  columns: columnsSchema,
  comparison: draftSchema,
  /** Ids of the runs that are laid side by side. */
  compared: z.array(z.string()),
  /** Ids of the runs that stand first in the list. */
  pinned: z.array(z.string()),
  /** What is searched for in the table of pairs, and which of them it shows. */
  table: mapping({ search: z.string().default(''), filter: z.enum(rowFilters).default('all') }),
  /** How each GPU computes products, by its name: chosen by a trial when a model is first opened on it. */
  products: z.record(
    z.string(),
    mapping({
      variant: z.string(),
      gflops: z.number().positive(),
      savingPass: z.enum(['ours', 'runtime']).optional(),
    }),
  ),
  /** What files of known columns were imported as. */
  imports: rememberedPlansSchema,
  /** The round under way with the form that begins one, and who won against whom so far. */
  rounds: mapping({
    form: roundFormSchema,
    round: roundSchema.nullable(),
    rates: z.array(keptRateSchema),
  }),
  /** The judges of prompt sets, and how far each agreed with the analyst. */
  judges: z.array(keptJudgeSchema),
};

type SettingsOf<S extends Readonly<Record<string, z.ZodType>>> = { readonly [K in keyof S]: Kept<S[K]> };

export interface StudioForms {
  readonly judgeForm: Kept<typeof judgeFormSchema>;
  readonly promptSetForm: Kept<typeof promptSetFormSchema>;
  readonly demonstrationForm: Kept<typeof demonstrationFormSchema>;
  readonly sweepForm: Kept<typeof sweepFormSchema>;
  readonly rules: RuleForms;
  readonly starterResult: KeptResult;
  readonly settings: SettingsOf<typeof settings>;
}

export type Storage = StudioStorage<StudioForms>;
export type Settings = Partial<StudioForms['settings']>;

export function createStorage(db: KeyValue): Storage {
  return createStudioStorage<StudioForms>(db, {
    judgeForm: judgeFormSchema,
    promptSetForm: promptSetFormSchema,
    demonstrationForm: demonstrationFormSchema,
    sweepForm: sweepFormSchema,
    rules: ruleFormsSchema as unknown as z.ZodType<RuleForms>,
    starterResult: keptResultSchema as unknown as Parameters<
      typeof createStudioStorage<StudioForms>
    >[1]['starterResult'],
    settings: settings as unknown as Parameters<typeof createStudioStorage<StudioForms>>[1]['settings'],
  });
}
