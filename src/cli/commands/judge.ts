/**
 * @file `judge`: a model says which of two answers is better. What is printed begins with how far it agrees with a
 * person; who wins by it is said only where that is enough.
 */
import type { Precision } from '../../core/dtype';
import { uploadAdapter } from '../../engine/device-adapter';
import {
  agreementOf,
  fewestJudgements,
  habitsOf,
  judgePairs,
  winRateOfChoices,
  type Choice,
  type JudgeAgreement,
  type JudgeHabits,
  type PairVerdict,
} from '../../evaluation/judge';
import type { Interval, WinRate } from '../../evaluation/win-rate';
import { DecodeEngine } from '../../generation/decode-engine';
import { openLetters } from '../../generation/letters';
import { readGivenPairs, readQuestion, type GivenPair } from '../judge-file';
import { appendLine, readTextFile, startFile } from '../node-files';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { endProgress, print, printJson, showProgress } from '../terminal';

export interface JudgeOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly input: string;
  readonly prompt: string;
  /** The least share of agreement with a person that is asked of the judge. */
  readonly bound: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly chatTemplate?: string;
  readonly precision?: Precision;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const range = ({ low, high }: Interval): string => `95 %: ${percent(low)} to ${percent(high)}`;

/** What follows from the agreement, with what is missing where something is. */
function standingInWords({ standing, items, observed }: JudgeAgreement, bound: number): string {
  if (standing === 'accepted') return `The judge is accepted: it agrees with the person at least as often as asked.`;
  const unsaid = 'who wins by it is not said';
  return standing === 'unknown'
    ? `How good the judge is, is not known: ${items} of the pairs have a judgement of a person (\`human\`) and ${fewestJudgements} are needed, so ${unsaid}.`
    : `The judge is refused: it agrees with the person on ${percent(observed)} of ${items} pairs and ${percent(bound)} are asked for (\`--bound\`), so ${unsaid}.`;
}

function agreementInWords(agreement: JudgeAgreement, bound: number): string {
  const { items, agreed, observed, kappa, interval } = agreement;
  const standing = standingInWords(agreement, bound);
  if (interval === null) return standing;
  const beyond = kappa === null ? 'no kappa, as both always said the same' : `kappa ${kappa.toFixed(2)}`;
  return `Agreement with the person: ${percent(observed)} (${range(interval)}), ${agreed} of ${items}; ${beyond}.\n${standing}`;
}

function habitsInWords({ pairs, positionBias, ordersAgree, letterMass, cut }: JudgeHabits): string {
  const first = `gives what is shown first ${percent(0.5 + positionBias)}`;
  const orders = `names the same answer in both orders for ${percent(ordersAgree)} of ${pairs} pairs`;
  return `The judge ${first} (50 % without a liking for a place), ${orders}, and begins with a letter with probability ${letterMass.toFixed(3)}. Prompts cut for its context: ${cut}.`;
}

const winsInWords = ({ mean, interval, wins, ties, losses }: WinRate): string =>
  `Answer a wins ${percent(mean)} (${range(interval)}): ${wins} wins, ${ties} ties, ${losses} losses.`;

/** What is said of all verdicts; null for who wins where the judge is not accepted. */
interface JudgeReport {
  readonly agreement: JudgeAgreement;
  readonly habits: JudgeHabits;
  readonly winRate: WinRate | null;
}

function reportOf(pairs: readonly GivenPair[], verdicts: readonly PairVerdict[], bound: number): JudgeReport {
  const both = pairs.flatMap(({ human }, i): (readonly [Choice, Choice])[] => {
    return human === null ? [] : [[human, (verdicts[i] as PairVerdict).choice]];
  });
  const agreement = agreementOf(both, bound);
  const winRate = agreement.standing === 'accepted' ? winRateOfChoices(verdicts.map(({ choice }) => choice)) : null;
  return { agreement, habits: habitsOf(verdicts), winRate };
}

function printReport({ agreement, habits, winRate }: JudgeReport, { bound, json }: JudgeOptions): void {
  if (!json) {
    const lines = [
      agreementInWords(agreement, bound),
      habitsInWords(habits),
      winRate === null ? [] : winsInWords(winRate),
    ];
    return print(`${lines.flat().join('\n')}\n`);
  }
  const { items, agreed, observed, kappa, interval, standing } = agreement;
  const { pairs, positionBias, ordersAgree, letterMass, cut } = habits;
  printJson({
    agreement: { items, agreed, share: items === 0 ? null : observed, kappa, interval, bound, standing },
    standing: standingInWords(agreement, bound),
    habits: {
      pairs,
      position_bias: positionBias,
      orders_agree: ordersAgree,
      letter_mass: letterMass,
      prompts_cut: cut,
    },
    win_rate: winRate,
  });
}

export async function judge(options: JudgeOptions): Promise<void> {
  const { out } = options;
  const asked = readQuestion(options.prompt);
  const pairs = readGivenPairs(readTextFile(options.input), options.input);
  const adapter = await openAdapterDirectory(options.adapter);
  const opened = await openModelDirectory(options.model, options);
  const device = adapter && uploadAdapter(opened.model, adapter);
  const letters = openLetters(opened, new DecodeEngine(opened.model), device);
  if (out !== undefined) startFile(out);
  const verdicts = await judgePairs(letters, asked, pairs, {
    onVerdict: (i, { preference, choice, ordersAgree, first, letterMass, cut }) => {
      showProgress(`pair ${i + 1} of ${pairs.length}`);
      if (out === undefined) return;
      appendLine(out, {
        ...{ pair: i + 1, choice, preference, orders_agree: ordersAgree, first, letter_mass: letterMass },
        ...{ prompt_cut: cut, human: pairs[i]?.human ?? null },
      });
    },
  });
  endProgress();
  printReport(reportOf(pairs, verdicts, options.bound), options);
}
