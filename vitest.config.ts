import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Tests on Chromium's software GPU (runtime/dawn.ts): its loader of Vulkan must be found when a worker starts.
process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], '/usr/lib/chromium'].filter(Boolean).join(':');

/** Files that take minutes, because a software GPU compiles slowly: begun last they would leave a core idle. */
const longest = ['src/training/golden-webgpu.test.ts', 'src/wgsl/compile.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 300_000,
    pool: 'forks',
    // Also the last core: the longest files wait for the software GPU.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    expect: { requireAssertions: true },
  },
});
