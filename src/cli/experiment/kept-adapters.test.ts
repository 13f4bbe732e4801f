import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadAdapter, uploadAdapter, wrapAdapter } from '../../engine/device-adapter';
import { buildRandomModel } from '../../engine/random-model';
import { parseRunConfig } from '../../run/config';
import { Float64Executor } from '../../runtime/float64-executor';
import { freshLora } from '../../training/trainer';
import { writeFiles } from '../node-files';
import { keepAdapter, readKept, trialOf } from './kept-adapters';

describe('the kept adapter of a trial', () => {
  it('is read as it was, says which trial it is, and belongs to its model', async () => {
    const model = await buildRandomModel('tiny', new Float64Executor());
    const { layout, blocks } = freshLora(model, parseRunConfig({ lora_r: 2 }));
    const adapter = wrapAdapter(
      layout,
      blocks.map((flat) => model.executor.upload(flat, [layout.size])),
    );
    const directory = mkdtempSync(join(tmpdir(), 'kept-'));
    const kept = { family: 'DPO, soft labels', setting: 'beta 0.1, from REBEL, beta 0.1', seed: 12, step: 96 };
    await keepAdapter(directory, { ...kept, step: 48 }, model, adapter);
    await keepAdapter(directory, kept, model, adapter);
    const [name = ''] = readdirSync(directory);
    expect(readdirSync(directory)).toHaveLength(1);
    expect(trialOf(join(directory, name))).toEqual(kept);
    const read = await readKept(join(directory, name), model);
    expect((await downloadAdapter(model, uploadAdapter(model, read!))).modules).toEqual(
      (await downloadAdapter(model, adapter)).modules,
    );
    await expect(readKept(join(directory, name), { fingerprint: 'other' })).rejects.toThrow('SFT model is other');
    expect(await readKept(undefined, model)).toBeNull();
  });

  it('is none where the directory is called otherwise', () => {
    const directory = mkdtempSync(join(tmpdir(), 'kept-'));
    writeFiles(join(directory, 'PPO, seed 1'), { 'README.md': new TextEncoder().encode('after step 3') });
    expect(() => trialOf(join(directory, 'PPO, seed 1'))).toThrow('is no adapter of a trial');
  });
});
