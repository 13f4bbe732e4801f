/**
 * @file Cuts a dispatch that would hold a GPU for too long into several, along the longest axis of its workgroups. Each
 * keeps its driver's watchdog, and the screen, from waiting.
 */
import type { Kernel } from './kernel';

const axes = ['x', 'y', 'z'] as const;
const entry = 'fn main(@builtin(workgroup_id) group: vec3u';

/** The kernel whose first workgroup is not the first one. */
function beginningAt(code: string, axis: number, first: number): string {
  if (first === 0) return code;
  const at = code.indexOf(entry);
  const body = code.indexOf(') {', at) + 3;
  const offset = axes.map((_, i) => (i === axis ? `${first}u` : '0u')).join(', ');
  const head = code.slice(at, body).replace('group: vec3u', 'dispatched: vec3u');
  return `${code.slice(0, at)}${head}\nlet group = dispatched + vec3u(${offset});${code.slice(body)}`;
}

/**
 * Cuts a kernel into dispatches of so much arithmetic at most, as far as it has workgroups; one that has less stays as
 * it is.
 */
export function splitDispatch(kernel: Kernel, mostFlops: number): Kernel[] {
  const { grid, flops, code, label } = kernel;
  const size = Math.max(...grid);
  const wanted = Math.min(size, Math.ceil(flops / mostFlops));
  if (!(wanted > 1)) return [kernel];
  const axis = grid.indexOf(size);
  const each = Math.ceil(size / wanted);
  const parts = Math.ceil(size / each);
  return Array.from({ length: parts }, (_, i) => {
    const [first, count] = [i * each, Math.min(each, size - i * each)];
    return {
      ...kernel,
      label: `${label}, ${i + 1} of ${parts}`,
      code: beginningAt(code, axis, first),
      grid: grid.map((groups, along) => (along === axis ? count : groups)) as unknown as Kernel['grid'],
      flops: (flops * count) / size,
    };
  });
}
