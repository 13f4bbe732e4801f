/** @file What is chosen in the hand-over dialog, and what Airlock can mend of a server's findings by itself. */
import {
  formatsOf,
  servers,
  vllmRanks,
  zipLimitBytes,
  type ExportFormat,
  type Finding,
  type FloatDtype,
  type Server,
} from '../../../run/hand-over';
import type { Method } from '../../../run/config';
import { trlMethods } from '../../../run/trl';
import type { RunRecord } from '../../../storage/records';
import { says } from '../../../messages/message';
import type { HandOverPlan } from '../../../worker/protocol';

/** Where it goes: a server, a cluster that trains it again at another size, or nobody knows yet. */
export const destinations = [...servers, 'cluster', 'unknown'] as const;
export type Destination = (typeof destinations)[number];

const formats: Readonly<Record<Destination, readonly [ExportFormat, ...ExportFormat[]]>> = {
  ...formatsOf,
  cluster: ['bundle'],
  unknown: ['bundle', 'peft', 'merged'],
};

/** Where a reward model's score head is read: it lies in PEFT's `modules_to_save`, which servers of LoRA refuse. */
const readHeads: readonly Destination[] = ['transformers', 'unknown'];

/**
 * The formats to choose from for an adapter that was trained by a method, the one that is taken without a choice
 * first; none where it cannot go there. A reward model goes as PEFT alone, and a bundle is of methods that TRL repeats.
 */
export function formatsFor(destination: Destination, method: Method): readonly ExportFormat[] {
  if (method === 'reward') return readHeads.includes(destination) ? ['peft'] : [];
  return formats[destination].filter((format) => format !== 'bundle' || trlMethods.includes(method));
}

/** Where an adapter of a method can go. */
export const destinationsFor = (method: Method): readonly Destination[] =>
  destinations.filter((destination) => formatsFor(destination, method).length > 0);

/** Why some are not offered; null where all are. */
export const narrowedBy = (method: Method): 'scoreHead' | 'noBundle' | null =>
  method === 'reward' ? 'scoreHead' : trlMethods.includes(method) ? null : 'noBundle';

/** Whose contract is asked: PEFT's own where no server is named. */
export const serverOf = (destination: Destination): Server =>
  destination === 'cluster' || destination === 'unknown' ? 'transformers' : destination;

export interface HandOverForm {
  readonly server: Destination;
  readonly format: ExportFormat;
  /** null: as the format has it without a choice. */
  readonly dtype: FloatDtype | null;
  /** What the server is started with. */
  readonly maxLoraRank: number;
  readonly isFolded: boolean;
  /** Of the folder, and what the server calls the adapter. */
  readonly name: string;
  /** What check_server.py will ask a server: the model's own answers, pairs of the training, or nothing. */
  readonly canaries: 'answers' | 'pairs' | 'none';
  readonly isSigned: boolean;
}

/** What vLLM and SGLang are started with where nobody says otherwise. */
const usualRank = 16;

/** Words that go into commands and addresses as they are. */
export const isNameGood = (name: string): boolean => /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);

/**
 * A name that servers take, with the day: an adapter of the same name that a server holds already would be served in
 * its place.
 */
function nameOf(runName: string, at: Date): string {
  const plain = runName.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  const day = at.toISOString().slice(0, 10).replaceAll('-', '');
  return `${plain === '' ? 'adapter' : plain.slice(0, 80)}-${day}`;
}

/** The format that is taken without a choice. */
const firstFormat = (server: Destination, method: Method): ExportFormat => formatsFor(server, method)[0] ?? 'peft';

/** @param last the server that was chosen last; another one where the adapter cannot go there */
export function firstForm(run: Pick<RunRecord, 'name' | 'method'>, last: Destination, at: Date): HandOverForm {
  const [first = last] = destinationsFor(run.method);
  const server = destinationsFor(run.method).includes(last) ? last : first;
  return {
    ...{ server, format: firstFormat(server, run.method), dtype: null, isFolded: false },
    ...{ maxLoraRank: usualRank, name: nameOf(run.name, at), canaries: 'answers', isSigned: true },
  };
}

/** Another server reads other things, and was started otherwise. */
export const withServer = (form: HandOverForm, server: Destination, method: Method): HandOverForm => ({
  ...{ ...form, server, format: firstFormat(server, method), dtype: null },
  ...{ isFolded: false, maxLoraRank: usualRank },
});

export const withFormat = (form: HandOverForm, format: ExportFormat): HandOverForm => ({
  ...form,
  ...{ format, dtype: null },
});

/** Whether the server has to be told the adapter's rank. */
export const asksForRank = ({ server, format }: HandOverForm): boolean =>
  format === 'peft' && (server === 'vllm' || server === 'sglang');

/**
 * Canaries are asked of a server that answers; a bundle has numbers of its own to be held against, and a reward model
 * writes nothing.
 */
export const takesCanaries = ({ format }: Pick<HandOverForm, 'format'>, method: Method): boolean =>
  format !== 'bundle' && method !== 'reward';

/** Bytes of the files that are planned; of a bundle they are known once it is made. */
export const plannedBytes = (plan: HandOverPlan | null): number =>
  plan?.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? 0;

export const fitsZip = (plan: HandOverPlan | null): boolean => plannedBytes(plan) <= zipLimitBytes;

/** What can be chosen as `--max-lora-rank`; vLLM takes these alone, and SGLang any number. */
export const rankChoices: readonly number[] = vllmRanks;

/** What Airlock can do about a finding. */
export type Mend =
  { readonly kind: 'fold' } | { readonly kind: 'merge' } | { readonly kind: 'rank'; readonly rank: number };

/** @param rank the adapter's */
export function mendsOf({ rule, remedy }: Finding, rank: number): readonly Mend[] {
  if (rule === 'max_lora_rank') {
    const needed = rankChoices.find((choice) => choice >= rank);
    return [...(needed === undefined ? [] : [{ kind: 'rank', rank: needed } as const]), { kind: 'merge' }];
  }
  if (says(remedy, 'contractAlphaWhole')) return [{ kind: 'fold' }, { kind: 'merge' }];
  return says(remedy, 'contractMerge') ? [{ kind: 'merge' }] : [];
}

export function mended(form: HandOverForm, mend: Mend): HandOverForm {
  if (mend.kind === 'fold') return { ...form, isFolded: true };
  return mend.kind === 'rank' ? { ...form, maxLoraRank: mend.rank } : withFormat(form, 'merged');
}
