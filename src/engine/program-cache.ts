/**
 * @file Compiled stages by key, so that each shape is compiled once while it is in use; the least recently used one
 * goes when there are too many.
 */
import type { Executor, Program, Tensors } from '../runtime/executor';
import type { Stage } from '../graph/value';

export class ProgramCache {
  readonly #programs = new Map<string, Promise<Program>>();
  /** Number of compilations so far, for the test that none happens in a warm run. */
  compilations = 0;

  constructor(
    private readonly executor: Executor,
    private readonly capacity = 256,
  ) {}

  get(key: string, build: () => Stage, constants?: Tensors): Promise<Program> {
    const known = this.#programs.get(key);
    this.#programs.delete(key);
    const program = known ?? this.#compile(key, build, constants);
    this.#programs.set(key, program);
    return program;
  }

  #compile(key: string, build: () => Stage, constants: Tensors | undefined): Promise<Program> {
    this.compilations++;
    for (const [oldest, program] of this.#programs) {
      if (this.#programs.size < this.capacity) break;
      this.#programs.delete(oldest);
      void program.then((p) => p.dispose());
    }
    const program = this.executor.compile(build(), constants);
    program.catch(() => this.#programs.delete(key));
    return program;
  }

  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const program of programs) await (await program).dispose();
  }
}
