/** @file Bytes of JavaScript that are alive, for tests of memory: what the garbage collector would not give back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Bytes that are alive after the garbage is collected. V8 frees array buffers on another thread, some time after it
 * collected them, so it is looked again, up to twenty times, until no more than `enough` are left. What is held is
 * there at every look.
 * @param bytes what to count, of `process.memoryUsage()`
 * @returns the fewest bytes of all looks
 */
export async function aliveBytes(bytes: (usage: NodeJS.MemoryUsage) => number, enough: number): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < 20 && least > enough; look += 1) {
    if (look > 0) await sleep(5);
    collect();
    least = Math.min(least, bytes(process.memoryUsage()));
  }
  return least;
}
