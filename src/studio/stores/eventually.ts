/** @file For tests: waits until a check passes, as long as a test may last, so that a busy machine fails none. */
import { vi } from 'vitest';

export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 50_000 });
