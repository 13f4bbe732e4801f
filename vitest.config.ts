import { defineConfig } from 'vitest/config';

// Tests on Chromium's software GPU (runtime/dawn.ts): its loader of Vulkan must be found when a worker starts.
process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], '/usr/lib/chromium'].filter(Boolean).join(':');

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    pool: 'forks',
    // Also the last core: the longest files wait for the software GPU.
    maxWorkers: '100%',
    expect: { requireAssertions: true },
  },
});
