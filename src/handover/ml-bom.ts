/**
 * @file A bill of materials in CycloneDX 1.6 (ML-BOM): the model with its files, the base that it was made of, the data
 * by count and hash, and what was measured. Few fields, all known; nothing is filled in that nobody has said.
 */
import { toHex } from '../core/sha256';
import type { MeasuredResult } from '../run/hand-over';
import type { Provenance } from './provenance';

/** The name of the bill of materials. */
export const bomFile = 'bom.cdx.json';

/** The Hub's spelling of licences as SPDX has them; others are written as they are named. */
const spdx: Readonly<Record<string, string>> = {
  'apache-2.0': 'Apache-2.0',
  mit: 'MIT',
  'bsd-2-clause': 'BSD-2-Clause',
  'bsd-3-clause': 'BSD-3-Clause',
  'cc-by-4.0': 'CC-BY-4.0',
  'cc-by-sa-4.0': 'CC-BY-SA-4.0',
  'cc-by-nc-4.0': 'CC-BY-NC-4.0',
  'cc0-1.0': 'CC0-1.0',
  'gpl-3.0': 'GPL-3.0-only',
};

const hashOf = (content: string) => [{ alg: 'SHA-256', content }];

const filesOf = (files: Iterable<readonly [path: string, sha256: string]>) =>
  [...files].map(([name, sha256]) => ({ type: 'file', name, hashes: hashOf(sha256) }));

const isWeights = (path: string): boolean => /\.(safetensors|gguf)$/.test(path);

function licencesOf(licence: string | null): object {
  if (licence === null) return {};
  const id = spdx[licence.toLowerCase()];
  return { licenses: [{ license: id === undefined ? { name: licence } : { id } }] };
}

/** The base: by its weights' hash where one file holds them all, with every file beside it. */
function ancestorOf({ base }: Provenance): object {
  const weights = base.files.filter(({ path }) => isWeights(path));
  const [only] = weights.length === 1 ? weights : [];
  return {
    type: 'machine-learning-model',
    'bom-ref': 'base',
    name: base.name,
    ...(only && { hashes: hashOf(only.sha256) }),
    ...licencesOf(base.licence),
    ...(base.files.length > 0 && { components: filesOf(base.files.map(({ path, sha256 }) => [path, sha256])) }),
    properties: [{ name: 'airlock:fingerprint', value: base.fingerprint }],
  };
}

const metricOf = ({ metric, value, on, interval }: MeasuredResult) => ({
  type: metric,
  value: String(value),
  slice: on,
  ...(interval && { confidenceInterval: { lowerBound: String(interval.low), upperBound: String(interval.high) } }),
});

function cardOf({ base, run, results }: Provenance): object {
  return {
    modelParameters: {
      task: 'text-generation',
      ...(base.modelType !== '' && { architectureFamily: base.modelType }),
      ...(base.architecture !== null && { modelArchitecture: base.architecture }),
      ...(run && { datasets: [{ ref: 'training-data' }] }),
      inputs: [{ format: 'text' }],
      outputs: [{ format: 'text' }],
    },
    ...(results.length > 0 && { quantitativeAnalysis: { performanceMetrics: results.map(metricOf) } }),
  };
}

function dataOf({ run }: Provenance): object[] {
  if (run === null) return [];
  const description = `${run.pairs} pairs, trained on by ${run.method}`;
  return [
    {
      type: 'data',
      'bom-ref': 'training-data',
      name: 'training data',
      ...(run.dataSha256 !== null && { hashes: hashOf(run.dataSha256) }),
      data: [{ type: 'dataset', name: 'training data', description }],
    },
  ];
}

/** Random bytes as a UUID of version 4 (RFC 9562). */
export function uuidOf(random: Uint8Array): string {
  const bytes = random.slice(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Writes the bill of materials of a folder.
 * @param sums SHA-256 (hex) of the files that are handed over, by path
 * @param serial what tells this bill from every other
 * @returns JSON
 */
export function writeBom(provenance: Provenance, sums: ReadonlyMap<string, string>, serial: string): string {
  const weights = [...sums].filter(([path]) => isWeights(path));
  const [only] = weights.length === 1 ? weights : [];
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata: {
      timestamp: provenance.madeAt.toISOString(),
      tools: { components: [{ type: 'application', name: 'Airlock', version: provenance.airlockVersion }] },
      component: {
        type: 'machine-learning-model',
        'bom-ref': 'model',
        name: provenance.name,
        ...(only && { hashes: hashOf(only[1]) }),
        pedigree: { ancestors: [ancestorOf(provenance)] },
        modelCard: cardOf(provenance),
        components: filesOf(sums),
      },
    },
    components: dataOf(provenance),
    dependencies: [
      { ref: 'model', ...(provenance.run && { dependsOn: ['training-data'] }) },
      ...(provenance.run ? [{ ref: 'training-data' }] : []),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}
