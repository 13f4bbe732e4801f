/**
 * @file Couriers: a round to be judged goes out in one file, and the judged answers come back in one, for annotators
 * without a network. What is in it are the files of judgements that the Judge screen reads anyway.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import { ContainerWriter } from '../../storage/backup/container';
import { readContainer, walkContainer, type ClosedContainer } from '../../storage/backup/container-reader';
import type { DatasetRow } from '../../storage/records';
import type { OpenSaveTarget } from '../browser/save-file';
import { courierLines, partOf, rowsOfJudged, undisputed, type CourierPart } from '../plain/judge/courier';
import { linesOf, parseJudgements, writeJudgements, type JudgementLine } from '../plain/judge/judgements-file';
import { describeFailure, type Failure } from '../text/failure';
import type { AuditStore } from './audit';
import type { DatasetStore } from './dataset';
import type { JudgeStore } from './judge';

export interface JudgedAnswers {
  /** Of the round that they come of. */
  readonly name: string;
  readonly lines: readonly JudgementLine[];
}

export interface CourierState {
  readonly failure: Failure | null;
  /** An encrypted file that waits for its passphrase. */
  readonly waiting: { readonly name: string; readonly closed: ClosedContainer } | null;
  /** Answers that came back and are not added yet. */
  readonly judged: JudgedAnswers | null;
  /** The file that was written last. */
  readonly written: string | null;

  /** Writes the round that stands here, encrypted where there is a passphrase. */
  write(passphrase: string): Promise<void>;
  open(file: File): Promise<void>;
  unlock(passphrase: string): Promise<void>;
  /** The rows that would be added, without those that are there. */
  rowsToAdd(judged: JudgedAnswers, onlyUndisputed: boolean): readonly DatasetRow[];
  add(onlyUndisputed: boolean): Promise<void>;
  putAway(): void;
}

export type CourierStore = StoreApi<CourierState>;

export interface CourierDependencies {
  readonly judge: JudgeStore;
  readonly dataset: DatasetStore;
  readonly audit: AuditStore;
  readonly openSaveTarget: OpenSaveTarget;
}

/** Names of entries: `courier/round/NAME` and `courier/answers/NAME`. */
const entryPattern = /^courier\/(round|answers)\/(.+)$/s;

async function writeCourier(
  { judge, audit, openSaveTarget }: CourierDependencies,
  passphrase: string,
): Promise<string | null> {
  const { round } = judge.getState();
  if (round === null) return null;
  const part = partOf(round);
  const fileName = `${round.name}-${part}.airlock`;
  const why = await audit.getState().askWhy(fileName);
  const target = why && (await openSaveTarget(fileName));
  if (why === null || target === null) return null;
  const { label } = audit.getState().office;
  const options = { kind: 'courier' as const, madeAt: new Date().toISOString(), label };
  try {
    const writer = await ContainerWriter.begin(target, { ...options, passphrase: passphrase || null });
    const bytes = new TextEncoder().encode(writeJudgements(courierLines(round)));
    await writer.add(`courier/${part}/${round.name}`, { bytes: bytes.length, parts: [bytes] });
    const sha256 = await writer.end();
    await target.done();
    await audit.getState().note({ action: 'export', what: fileName, sha256, ...why });
  } catch (error) {
    await target.discard().catch(() => {});
    throw error;
  }
  return fileName;
}

interface Read extends JudgedAnswers {
  readonly part: CourierPart;
  readonly text: string;
}

async function readCourier(file: string, closed: ClosedContainer, passphrase: string | null): Promise<Read> {
  const found: Read[] = [];
  await walkContainer(await closed.open(passphrase), {
    wants: (name) => entryPattern.test(name),
    onEntry({ name }, content) {
      const [, part, round = ''] = entryPattern.exec(name) ?? [];
      const text = new TextDecoder().decode(content ?? new Uint8Array());
      if (part !== undefined) found.push({ part: part as CourierPart, name: round, text, lines: [] });
    },
  });
  const [read] = found;
  const lines = parseJudgements(read?.text ?? '').lines;
  if (read === undefined || lines.length === 0) throw new UserError('courierEmpty', { file });
  return { ...read, lines };
}

function opening({ setState: set, getState: get }: CourierStore, { judge, audit }: CourierDependencies) {
  async function take(name: string, closed: ClosedContainer, passphrase: string | null): Promise<void> {
    const { part, text, ...judged } = await readCourier(name, closed, passphrase);
    if (part === 'round' && judge.getState().round !== null) throw new UserError('courierRoundOpen', { file: name });
    if (part === 'round') await judge.getState().importRound({ name, text });
    else if (judge.getState().round !== null) judge.getState().compareFiles([{ name, text }]);
    set({ waiting: null, judged: part === 'answers' ? judged : null });
    await audit.getState().note({ action: 'import', what: name });
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    set({ failure: null, written: null });
    try {
      await work();
    } catch (error) {
      set({ failure: describeFailure(error) });
    }
  }

  return {
    attempt,
    open: (file: File) =>
      attempt(async () => {
        set({ waiting: null, judged: null });
        const closed = await readContainer(file.name, file);
        if (closed.header.kind !== 'courier') throw new UserError('courierIsBackup', { file: file.name });
        if (closed.header.encryption === null) await take(file.name, closed, null);
        else set({ waiting: { name: file.name, closed } });
      }),
    unlock: (passphrase: string) =>
      attempt(async () => {
        const { waiting } = get();
        if (waiting !== null) await take(waiting.name, waiting.closed, passphrase);
      }),
  };
}

export function createCourierStore(dependencies: CourierDependencies): CourierStore {
  const { judge, dataset } = dependencies;
  return createStore<CourierState>()((set, get, store) => {
    const { attempt, open, unlock } = opening(store, dependencies);
    return {
      failure: null,
      waiting: null,
      judged: null,
      written: null,
      open,
      unlock,
      write: (passphrase) => attempt(async () => set({ written: await writeCourier(dependencies, passphrase) })),

      rowsToAdd({ name, lines }, onlyUndisputed) {
        const { round } = judge.getState();
        const wanted = onlyUndisputed && round !== null ? undisputed(lines, linesOf(round)) : lines;
        const there = new Set(dataset.getState().rows.map(({ file, row }) => JSON.stringify([file, row])));
        return rowsOfJudged(wanted, name).filter(({ file, row }) => !there.has(JSON.stringify([file, row])));
      },

      async add(onlyUndisputed) {
        const { judged } = get();
        if (judged === null) return;
        const added = get().rowsToAdd(judged, onlyUndisputed);
        set({ judged: null });
        if (added.length === 0) return;
        await dataset.getState().change(({ rows }) => ({
          rows: [...rows, ...added],
          what: { kind: 'imported', number: added.length, file: judged.name },
        }));
      },

      putAway: () => set({ judged: null, waiting: null, failure: null }),
    };
  });
}
