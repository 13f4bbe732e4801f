/** @file What the experiments' commands have in common: lists of numbers as options, progress, and how they end. */
import { UserError } from '../../core/errors';
import { say } from '../terminal';

/** Reads numbers with commas between them. */
export const numbers = (text: string): number[] => text.split(',').map(Number);

/** Runs a command and ends the process: an error that says what to do is said without its stack. */
export async function runMain(main: () => Promise<void>): Promise<never> {
  try {
    await main();
    process.exit(0);
  } catch (error) {
    say(error instanceof UserError ? error.message : ((error as Error).stack ?? String(error)));
    process.exit(1);
  }
}
