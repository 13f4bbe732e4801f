/** @file What a run under way is doing. */

export interface Phase {
  readonly kind: 'preparing' | 'encoding' | 'compiling' | 'reference' | 'training' | 'evaluating' | 'saving';
  /** What is loaded or compiled, in words; empty where nothing more is known. */
  readonly detail: string;
  readonly done: number;
  /** What `done` reaches in the end; 0 where that is not known. */
  readonly total: number;
}
