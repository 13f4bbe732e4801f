/**
 * @file Lets waiting messages in. Promises alone never do: a loop of awaits that resolve at once starves the event loop
 * of a worker, and a cancel would not arrive. (Timers would, but browsers hold nested ones back for 4 ms.)
 */

const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => void };

function throughChannel(): (task: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (task) => {
    waiting.push(task);
    port2.postMessage(null);
  };
}

/** Node's setImmediate does the same and does not keep the process alive. */
const schedule = setImmediate ?? throughChannel();

/** Resolves in a new task, after the messages that wait now. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => schedule(resolve));
}
