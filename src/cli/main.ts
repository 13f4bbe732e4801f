/**
 * @file The command line: a public interface (README.md, "Command line"). Results go to stdout, progress to stderr; an
 * error is one sentence on stderr and a non-zero exit, with the stack only under --verbose.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { precisions } from '../core/dtype';
import { AbortError, UserError } from '../core/errors';
import { bench } from './commands/bench';
import { browserDevices } from './commands/bench-browser';
import { exportAdapter, exportDtypes } from './commands/export';
import { mostAnswers } from '../evaluation/best-of-n';
import { judgePrompts } from '../data/judge-question';
import { defaultBound } from '../evaluation/judge';
import { scorerNames } from '../evaluation/reward';
import { doctor } from './commands/doctor';
import { generate } from './commands/generate';
import { inspect } from './commands/inspect';
import { judge } from './commands/judge';
import { lint } from './commands/lint';
import { logprobs } from './commands/logprobs';
import { pairs } from './commands/pairs';
import { score } from './commands/score';
import { train } from './commands/train';
import { exportFormats, servers } from '../run/hand-over';
import { withDataOptions } from './pair-files';
import { endProgress, say } from './terminal';

function numberFrom(check: (value: number) => boolean, wanted: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !check(value)) throw new InvalidArgumentError(`It must be ${wanted}.`);
    return value;
  };
}

const count = numberFrom((value) => Number.isInteger(value) && value > 0, 'a positive whole number');
const countOrZero = numberFrom((value) => Number.isInteger(value) && value >= 0, 'a whole number, 0 or more');
const answerCount = numberFrom(
  (value) => Number.isInteger(value) && value > 0 && value <= mostAnswers,
  `a whole number from 1 to ${mostAnswers}`,
);
const integer = numberFrom(Number.isInteger, 'a whole number');
const notNegative = numberFrom((value) => value >= 0 && Number.isFinite(value), 'a number, 0 or more');
const share = numberFrom((value) => value > 0 && value <= 1, 'above 0 and at most 1');

const program = new Command('airlock')
  .description('DPO, SFT, KTO and reward models of LoRA adapters, headless: the engine of the studio on WASM.')
  .option('--verbose', 'print stack traces')
  .configureOutput({ writeErr: () => {} })
  .exitOverride();

/** How the base's weights are held; commands that compute take float32 where it is not given. */
const precision = (): Option => new Option('--precision <name>', "how the base's weights are held").choices(precisions);

const chatTemplate = (): Option =>
  new Option('--chat-template <name or file>', "plain, chatml, none or a file of Jinja, in place of the model's own");

/** Reward of `train` and `generate`: one option names it, two more say how a model that compares answers is asked. */
const withRewardOptions = (command: Command, what: string): Command =>
  command
    .option(
      '--reward <name or path>',
      `${what}a file of rules, the directory of a reward model or of a model that compares, or one of ${scorerNames.join(', ')}`,
    )
    .option(
      '--judge-prompt <name or file>',
      `what a --reward that compares is asked: ${judgePrompts.join(', ')}, or a file with a question of your own (dialogue)`,
    )
    .option('--judge-adapter <dir>', 'PEFT adapter of a --reward that compares');

program
  .command('inspect')
  .argument('<dir>', 'checkpoint directory')
  .description('a checkpoint as JSON')
  .addOption(precision())
  .action(inspect);

withDataOptions(program.command('pairs'))
  .description('the pairs of a file as training gets them, one JSON object a line')
  .action(pairs);

withDataOptions(program.command('logprobs'))
  .description('one JSON line a pair: token counts and summed log-probabilities')
  .requiredOption('--model <dir>', 'checkpoint directory')
  .option('--adapter <dir>', 'PEFT adapter directory')
  .option('--max-length <n>', 'tokens of prompt + completion', count, 1024)
  .addOption(chatTemplate())
  .addOption(precision())
  .action(logprobs);

withDataOptions(program.command('score'))
  .description('one JSON line a pair: the scores that a reward model gives its answers')
  .requiredOption('--model <dir>', 'checkpoint directory')
  .requiredOption('--adapter <dir>', 'reward model: an adapter trained with `method: reward`')
  .option('--max-length <n>', 'tokens of prompt + completion', count, 1024)
  .addOption(chatTemplate())
  .option('--report', 'print how well the scores foresee the choices, as JSON: accuracy and calibration')
  .addOption(precision())
  .action(score);

withRewardOptions(withDataOptions(program.command('train')), 'of methods that draw answers: ')
  .description('a PEFT adapter directory with metrics.jsonl')
  .requiredOption('--model <dir>', 'checkpoint directory')
  .requiredOption('--config <yaml>', 'run configuration')
  .requiredOption('--out <dir>', 'where the adapter goes')
  .option('--init-adapter <dir>', 'start from this adapter, which is then also the reference')
  .option('--ref-adapter <dir>', 'use this adapter as the reference')
  .addOption(chatTemplate())
  .addOption(precision())
  .action(train);

withDataOptions(program.command('doctor'))
  .description('labels that are probably wrong, by a judge that has not seen them: one JSON line each')
  .option('--model <dir>', 'checkpoint directory; without it the words of the answers are the judge')
  .option('--config <yaml>', 'run configuration of a DPO loss, or of method reward; two runs are then the judge')
  .option('--init-adapter <dir>', 'start from this adapter, which is then also the reference')
  .addOption(chatTemplate())
  .addOption(precision())
  .action(doctor);

withRewardOptions(program.command('generate'), '')
  .description('the answer to a prompt, streamed')
  .requiredOption('--model <dir>', 'checkpoint directory')
  .option('--adapter <dir>', 'PEFT adapter directory')
  .requiredOption('--prompt <text>', 'the prompt, given to the model as it is')
  .option('--max-new-tokens <n>', 'length limit', count, 128)
  .option('--temperature <x>', '0 is greedy', notNegative, 0)
  .option('--top-k <n>', '0 keeps all', countOrZero, 0)
  .option('--top-p <x>', '1 keeps all', share, 1)
  .option('--seed <n>', 'of the sampling', integer, 42)
  .option('--best-of <n>', 'answer so often, and give the answer with the highest --reward', answerCount)
  .option('--json', 'print ids and log-probabilities; with --best-of all answers with their rewards')
  .addOption(precision())
  .action(generate);

program
  .command('judge')
  .description('which of two answers is better, by a model, and how far that agrees with a person')
  .requiredOption('--model <dir>', 'checkpoint directory of the judge')
  .option('--adapter <dir>', 'PEFT adapter directory')
  .requiredOption('--input <file>', 'JSON Lines: prompt, answer_a, answer_b, and human (a, b or tie) where known')
  .requiredOption('--prompt <name or file>', `${judgePrompts.join(', ')}, or a file with a question of your own`)
  .option('--bound <share>', 'agreement with the person below which the judge is refused', share, defaultBound)
  .option('--out <file>', 'each verdict as a JSON line, as it comes')
  .option('--json', 'print JSON')
  .addOption(chatTemplate())
  .addOption(precision())
  .action(judge);

program
  .command('export')
  .description('an adapter as a server reads it, with SHA256SUMS and a bill of materials')
  .requiredOption('--model <dir>', 'checkpoint directory that the adapter was trained on')
  .requiredOption('--adapter <dir>', 'PEFT adapter directory')
  .addOption(new Option('--format <name>', 'what is written').choices(exportFormats).makeOptionMandatory())
  .requiredOption('--out <dir>', 'where it goes: a new or empty directory')
  .addOption(new Option('--dtype <name>', "of gguf and merged; merged keeps the base's own").choices(exportDtypes))
  .option('--data <file>', 'of a bundle: the pairs of the run, where they are not what run.json says')
  .option('--config <yaml>', 'of a bundle: the run configuration, where there is no run.json beside the adapter')
  .option('--columns <roles>', 'of --data: prompt=A,chosen=B,rejected=C, where the columns have other names')
  .option('--init-adapter <dir>', 'of a bundle: the adapter that the run started from')
  .option('--ref-adapter <dir>', "of a bundle: the run's reference")
  .option('--sign-key <file>', 'P-256 private key in PEM: signs everything in model.sig')
  .option('--canaries <n>', 'sequences by which check_server.py tells what a server serves; 0 for none', countOrZero, 8)
  .option('--canaries-from <file>', "take them of these pairs, in place of the model's own answers")
  .option('--leak-check <file>', 'the pairs that it was trained on: prints what it gives away, as JSON')
  .action(exportAdapter);

program
  .command('lint')
  .description('what a server demands of an adapter and this one does not meet, as JSON')
  .requiredOption('--adapter <dir>', 'PEFT adapter directory')
  .addOption(new Option('--server <name>', 'the server').choices(servers).makeOptionMandatory())
  .option('--max-lora-rank <n>', 'what vLLM or SGLang is started with', count, 16)
  .action(lint);

program
  .command('bench')
  .description('seconds a pair, tokens a second, GFLOPS, peak memory')
  .option('--shape <name>', 'random weights of this shape')
  .option('--model <dir>', 'checkpoint directory')
  .option('--prompt-tokens <n>', '', count, 100)
  .option('--completion-tokens <n>', '', count, 50)
  .option('--pairs <n>', 'pairs a step', count, 2)
  .option('--steps <n>', 'steps to time after the first', count, 3)
  .option('--lora-r <n>', 'rank on all linears', count, 8)
  .option('--decode <n>', 'tokens to decode; 0 for none', countOrZero, 32)
  .option('--sequences <n>', 'sequences to decode together, beside one', count, 1)
  .addOption(new Option('--browser <device>', 'measure in Chrome or Chromium').choices(browserDevices))
  .option('--paper', 'count a row of training on WebGPU and estimate its time on three GPUs')
  .option('--products', "our matrix product against the runtime's, on a software GPU")
  .option('--profile', 'with --browser: what each kernel took; slower')
  .option('--json', 'print JSON')
  .addOption(precision())
  .action(bench);

/** Commander's own messages as sentences. */
function sentenceOf(error: CommanderError): string {
  const text = error.message.replace(/^error: /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?)]$/.test(text) ? '' : '.'} See \`airlock --help\`.`;
}

async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    endProgress();
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      say(error.code === 'commander.help' ? program.helpInformation().trimEnd() : sentenceOf(error));
      return 2;
    }
    if (error instanceof AbortError) {
      say('Stopped; nothing was written.');
      return 130;
    }
    const { message, stack } = error as Error;
    const isUsers = error instanceof UserError;
    say(isUsers ? message : `Airlock failed: ${message.split('\n')[0]}`);
    if (isUsers && error.details !== null) say(error.details);
    if (program.opts()['verbose']) say(String(stack));
    return 1;
  }
}

process.exit(await main());
