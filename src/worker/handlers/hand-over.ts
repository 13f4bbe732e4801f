/** @file The calls that hand an adapter over: what it would consist of, and the writing. */
import { UserError } from '../../core/errors';
import { checkBase } from '../../engine/device-adapter';
import { describeShape } from '../../engine/stored-weights';
import type { ByteSource } from '../../formats/byte-source';
import { directoryOf, openCheckpoint } from '../../formats/checkpoint';
import { writePeftAdapter, type LoraAdapter } from '../../formats/peft';
import { lintAdapter } from '../../handover/contract';
import { planExport, type PlannedExport } from '../../handover/export';
import { canariesName } from '../../handover/canaries';
import { sayMergeMoved } from '../../handover/merge-distance';
import type { MergeRequest } from '../../handover/merged-checkpoint';
import { foldScale } from '../../handover/fold-scale';
import { writeBundle } from '../../handover/bundle';
import { writeHandOver } from '../../handover/hand-over';
import { repeatRun } from '../../handover/repeatable-run';
import { fingerprintOf, makeSigningKey, signatureFile, signerOf } from '../../handover/model-signature';
import { hashSource, readBaseFacts, unhashed, type Provenance } from '../../handover/provenance';
import { sumsFile, textFile } from '../../handover/streamed-file';
import { message, type Message } from '../../messages/message';
import type { HandOverOrigin } from '../../run/hand-over';
import { requireTrl } from '../../run/trl';
import type { Handlers } from '../bridge';
import type { EngineSession, SessionModel } from '../engine-session';
import { openPlace, type ExportPlace } from '../export-place';
import { readAdapter } from '../files';
import type { AdapterFiles, HandOverRequest, Progress, RepeatedRun } from '../protocol';

/** What a bundle consists of: the run of the adapter, repeated. */
async function planBundle(
  opened: SessionModel,
  trained: LoraAdapter,
  run: RepeatedRun | undefined,
  signal: AbortSignal,
): Promise<PlannedExport> {
  if (run === undefined) throw new UserError('bundleWithoutPairs');
  const read = async (files: AdapterFiles | null) => files && readAdapter(files);
  const initAdapter = await read(run.initAdapter);
  const refAdapter = run.refAdapter === 'base' ? run.refAdapter : await read(run.refAdapter);
  const { name } = opened.model;
  const repeated = await repeatRun(opened, { ...run, initAdapter, refAdapter }, run.precision, signal);
  const files = writeBundle({ baseName: name, run: repeated, heldAs: run.precision, trained });
  return { files, warnings: [], findings: () => [] };
}

/** What is said of the export's origin where the page says nothing. */
const unknown: HandOverOrigin = { airlockVersion: 'unknown', run: null, results: [] };

/** @param hash how the base's files are hashed, which takes as long as reading them */
async function plan(
  opened: SessionModel,
  request: HandOverRequest & { readonly name?: string },
  signal: AbortSignal,
  hash: (source: ByteSource) => Promise<string>,
): Promise<PlannedExport & Pick<MergeRequest, 'adapter' | 'checkpoint' | 'shape'> & { provenance: Provenance }> {
  const { adapter: files, format, dtype, isFolded, texts, repeated, origin = unknown, name = '' } = request;
  const { model, directory } = opened;
  const read = await readAdapter(files);
  checkBase(model, read);
  const adapter = isFolded ? foldScale(read) : read;
  const checkpoint = await openCheckpoint(model.name, directory);
  const shape = await describeShape(checkpoint);
  const base = await readBaseFacts(directory, checkpoint, model.fingerprint, hash);
  const provenance = { ...origin, name, madeAt: new Date(), base };
  const given = { adapter, adapterFiles: directoryOf(files), dtype, provenance, signal };
  const planned =
    format === 'bundle'
      ? await planBundle(opened, adapter, repeated, signal)
      : await planExport({ model: { directory, checkpoint, shape }, format, ...given });
  const beside = texts.map(({ path, text }) => textFile(path, text));
  return { ...planned, ...{ adapter, checkpoint, shape, provenance }, files: [...planned.files, ...beside] };
}

/** How far a merge moves what the canaries measure; nothing of another format, or without canaries. */
async function measureMerge(
  { model }: SessionModel,
  { format, dtype, texts }: HandOverRequest,
  merge: Omit<MergeRequest, 'dtype'>,
  report: (progress: Progress) => void,
): Promise<Message[]> {
  const canaries = texts.find(({ path }) => path === canariesName)?.text;
  if (format !== 'merged' || canaries === undefined) return [];
  const onProgress = (done: number, total: number) => report({ kind: 'mergeDistance', done, total });
  return [await sayMergeMoved(model, { ...merge, dtype }, canaries, onProgress)];
}

/** Refuses what no bundle can be made of; the run is repeated only when it is written. */
async function planOfBundle({ model }: SessionModel, { adapter: files, repeated }: HandOverRequest) {
  const adapter = await readAdapter(files);
  checkBase(model, adapter);
  if (repeated === undefined) throw new UserError('bundleWithoutPairs');
  requireTrl(repeated.config);
  return { files: [], rank: adapter.r, findings: [], warnings: [] };
}

/** Nothing is left of what failed, or it is said what is. */
async function discard(place: ExportPlace, error: unknown): Promise<Error> {
  if (await place.discard()) return error as Error;
  const problem = error instanceof UserError ? error.said : message('stoppedByUser');
  return new UserError('exportLeft', { problem, name: place.name });
}

export function handOverHandlers(session: EngineSession): Pick<Handlers, 'planHandOver' | 'handOver' | 'signingKey'> {
  return {
    async signingKey({ pair: given }) {
      const pair = given ?? (await makeSigningKey());
      const signer = await signerOf(pair);
      return { pair, publicKey: signer.publicKey, fingerprint: await fingerprintOf(signer) };
    },

    planHandOver: (request, { signal }) =>
      session.withModel(async (opened) => {
        const { server, maxLoraRank, format } = request;
        if (format === 'bundle') return planOfBundle(opened, request);
        const { adapter, files, warnings } = await plan(opened, request, signal, unhashed);
        const peft = directoryOf(writePeftAdapter(adapter, ''));
        return {
          files: files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
          rank: adapter.r,
          findings: await lintAdapter(peft, server, maxLoraRank, format),
          warnings,
        };
      }),

    handOver: (request, { signal, report }) =>
      session.withModel(async (opened) => {
        const hash = (source: ByteSource) => hashSource(source, signal);
        const { provenance, ...planned } = await plan(opened, request, signal, hash);
        const moved = await measureMerge(opened, request, { ...planned, signal }, report);
        const sizeBytes = planned.files.reduce((sum, file) => sum + file.sizeBytes, 0);
        const { name, target, signingKey } = request;
        const signer = signingKey ? await signerOf(signingKey) : null;
        const place = await openPlace(target, name, sizeBytes);
        try {
          const onProgress = (done: number, total: number) => report({ kind: 'writing', done, total });
          const whole = { planned, provenance, signer, folder: place.name };
          const sums = await writeHandOver(place, whole, { signal, onProgress });
          await place.done();
          const written = [...sums].map(([path, sha256]) => ({ path, sha256 }));
          return {
            name: place.name,
            files: written.filter(({ path }) => path !== sumsFile && path !== signatureFile),
            sizeBytes,
            sumsSha256: sums.get(sumsFile) ?? '',
            said: [...planned.warnings, ...planned.findings(), ...moved],
          };
        } catch (error) {
          throw await discard(place, error);
        }
      }),
  };
}
