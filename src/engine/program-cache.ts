/**
 * @file Compiled stages by key, so that each shape is compiled once while it is in use; the least recently used one
 * goes when there are too many.
 */
import type { Executor, Program, Tensors } from '../runtime/executor';
import type { Stage } from '../graph/value';

/** Keeps compiled stages by key. Two calls with one key share one compilation, also while it is under way. */
export class ProgramCache {
  readonly #programs = new Map<string, Promise<Program>>();
  /** Number of compilations so far, for the test that none happens in a warm run. */
  compilations = 0;

  constructor(
    private readonly executor: Executor,
    private readonly capacity = 256,
  ) {}

  /** @param key stands for one stage always, so the names in the program's type are those of `build` */
  get<I extends string, O extends string>(
    key: string,
    build: () => Stage<I, O>,
    constants?: Tensors,
  ): Promise<Program<I, O>> {
    const known = this.#programs.get(key) as Promise<Program<I, O>> | undefined;
    this.#programs.delete(key);
    const program = known ?? this.#compile(key, build, constants);
    this.#programs.set(key, program);
    return program;
  }

  #compile<I extends string, O extends string>(
    key: string,
    build: () => Stage<I, O>,
    constants: Tensors | undefined,
  ): Promise<Program<I, O>> {
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
