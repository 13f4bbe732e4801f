/**
 * @file What travels with every export: the signature and the bill of materials. Their readers, model_signing and
 * cyclonedx-python-lib, are in tools/interop/test_provenance.py; here is what needs no reader.
 */
import { createVerify } from 'node:crypto';
import { expect, it } from 'vitest';
import { bytesSource } from '../formats/byte-source';
import { completeCard } from './card';
import { writeHandOver } from './hand-over';
import { uuidOf, writeBom } from './ml-bom';
import { fingerprintOf, makeSigningKey, signerOf, toDer, writeSignature } from './model-signature';
import { hashSource, readBaseFacts, unhashed, type Provenance } from './provenance';
import { textFile, type FileSink } from './streamed-file';

const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

const provenance: Provenance = {
  name: 'dpo-3',
  airlockVersion: '0.1.0',
  madeAt: new Date('2026-11-29T12:00:00Z'),
  base: {
    name: 'tiny-llama',
    modelType: 'llama',
    architecture: 'LlamaForCausalLM',
    fingerprint: 'f'.repeat(64),
    files: [
      { path: 'config.json', sha256: 'c'.repeat(64) },
      { path: 'model.safetensors', sha256: abc },
    ],
    licence: 'apache-2.0',
  },
  run: { method: 'dpo (sigmoid)', pairs: 40, dataSha256: 'd'.repeat(64) },
  results: [{ metric: 'win rate', value: 0.7, on: '40 prompts', interval: { low: 0.55, high: 0.82 } }],
};

interface Bundle {
  verificationMaterial: { publicKey: { hint: string } };
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
}

it('signs what DSSE says is signed, by a key that cannot be read out', async () => {
  const pair = await makeSigningKey();
  expect(pair.privateKey.extractable).toBe(false);
  const signer = await signerOf(pair);
  const text = await writeSignature('folder', new Map([['b/c', abc], ['a', 'e'.repeat(64)]]), signer); // prettier-ignore
  const { verificationMaterial, dsseEnvelope } = JSON.parse(text) as Bundle;
  expect(verificationMaterial.publicKey.hint).toBe(await fingerprintOf(signer));
  const payload = Buffer.from(dsseEnvelope.payload, 'base64');
  const isSigned = (bytes: Buffer, prefix = `DSSEv1 28 application/vnd.in-toto+json ${bytes.length} `): boolean =>
    createVerify('SHA256')
      .update(prefix)
      .update(bytes)
      .verify(signer.publicKey, Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64'));
  expect(isSigned(payload)).toBe(true);
  expect(isSigned(Buffer.from(payload.toString().replace('"a"', '"z"')))).toBe(false);
  expect(JSON.parse(payload.toString())).toMatchObject({
    subject: [{ name: 'folder' }],
    predicate: { resources: [{ name: 'a' }, { name: 'b/c', digest: abc }] },
  });
});

it('writes r and s as DER has numbers: without leading zeros, and never negative', () => {
  const signature = new Uint8Array(64);
  signature.set([0, 0, 0x7f, 1], 28);
  signature.set([0x80], 32);
  expect([...toDer(signature).subarray(0, 10)]).toEqual([0x30, 39, 2, 2, 0x7f, 1, 2, 33, 0, 0x80]);
});

it('tells the base by its files, and its licence only where its card does', async () => {
  const file = (path: string, text: string) => [path, bytesSource(path, new TextEncoder().encode(text))] as const;
  const checkpoint = { name: 'base', config: { model_type: 'llama', architectures: ['LlamaForCausalLM'] } };
  const files = new Map([file('model.safetensors', 'abc'), file('notes.txt', 'x')]);
  expect(await readBaseFacts(files, checkpoint, 'f', hashSource)).toEqual({
    ...{ name: 'base', modelType: 'llama', architecture: 'LlamaForCausalLM', fingerprint: 'f', licence: null },
    files: [{ path: 'model.safetensors', sha256: abc }],
  });
  const withCard = new Map([...files, file('README.md', '---\nlicense: llama3.2\ntags: []\n---\nlicense: mit\n')]);
  expect((await readBaseFacts(withCard, checkpoint, 'f', unhashed)).licence).toBe('llama3.2');
});

it('bills the model with its files, its base and its data, and leaves out what is not known', () => {
  const sums = new Map([['adapter_model.safetensors', abc]]);
  const bom = JSON.parse(writeBom(provenance, sums, uuidOf(new Uint8Array(16)))) as Record<string, unknown>;
  expect(bom).toMatchObject({
    serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    metadata: {
      component: {
        hashes: [{ alg: 'SHA-256', content: abc }],
        pedigree: { ancestors: [{ name: 'tiny-llama', licenses: [{ license: { id: 'Apache-2.0' } }] }] },
        modelCard: { quantitativeAnalysis: { performanceMetrics: [{ value: '0.7' }] } },
      },
    },
    components: [{ type: 'data', hashes: [{ content: 'd'.repeat(64) }] }],
  });
  const bare = { ...provenance, base: { ...provenance.base, licence: null, files: [] }, run: null, results: [] };
  const text = writeBom(bare, new Map(), uuidOf(new Uint8Array(16)));
  expect(text).not.toMatch(/licen|quantitative|training|hashes|null/);
});

it('completes a card once, with the hashes of the base and what was measured', () => {
  const card = completeCard('---\ntags: [a]\n---\n# Mine\n', provenance);
  expect(card).toMatch(/^---\ntags: \[a\]\n---\n# Mine\n\n## What it was made of\n/);
  expect(card).toContain(`| \`model.safetensors\` | \`${abc}\` |\n`);
  expect(card).toContain('| win rate | 0.7 | 0.55 to 0.82 | 40 prompts |\n');
  expect(completeCard(card, { ...provenance, results: [] })).toBe(card.slice(0, card.indexOf('\n## Results')));
  const bare = completeCard(null, { ...provenance, run: null, base: { ...provenance.base, licence: null } });
  expect(bare).toMatch(/^---\nbase_model: "tiny-llama"\nlibrary_name: peft\n/);
  expect(bare).not.toMatch(/Training data|Licence|dpo/);
});

it('ends a folder with the bill, the sums over it and the signature over both', async () => {
  const written = new Map<string, string>();
  const sink: FileSink = {
    open: (path) =>
      Promise.resolve({
        write: (bytes) => Promise.resolve(void written.set(path, new TextDecoder().decode(bytes))),
        close: () => Promise.resolve(),
      }),
    remove: (path) => Promise.resolve(void written.delete(path)),
  };
  const planned = { files: [textFile('a', 'abc')], warnings: [], findings: () => [] };
  const signer = await signerOf(await makeSigningKey());
  const beside = [textFile('canaries.json', '{}')];
  await writeHandOver(sink, { planned, beside, provenance, signer, folder: 'out' });
  expect([...written.keys()]).toEqual(['a', 'canaries.json', 'bom.cdx.json', 'SHA256SUMS', 'model.sig']);
  expect(written.get('SHA256SUMS')).toMatch(/^\S+ {2}a\n\S+ {2}canaries.json\n\S+ {2}bom.cdx.json\n$/);
  expect(written.get('bom.cdx.json')).toContain(abc);
  const { payload } = (JSON.parse(written.get('model.sig') ?? '') as Bundle).dsseEnvelope;
  expect(atob(payload)).toContain('SHA256SUMS');
  written.clear();
  await writeHandOver(sink, { planned, provenance, signer: null, folder: 'out' });
  expect([...written.keys()]).toEqual(['a', 'bom.cdx.json', 'SHA256SUMS']);
});
