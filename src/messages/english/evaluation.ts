/** @file What rewards say. */

interface TooManyCompared {
  readonly answers: number;
  readonly comparisons: number;
  readonly questions: number;
  readonly mostAnswers: number;
  readonly mostQuestions: number;
}

export const evaluation = {
  wordJudgeTooFew: ({ count, wanted }: { count: number; wanted: number }) =>
    `${count} pairs are too few to judge their labels by words: at least ${wanted} different prompts are needed.`,
  rulesNotJson: ({ where, reason }: { where: string; reason: string }) =>
    `${where} is no JSON (${reason}); a set of rules is {"version": 1, "rules": [{"kind": "contains", "text": "…"}]}.`,
  rulesBad: ({ where, problem }: { where: string; problem: string }) => `${where}: ${problem}`,
  ruleField: ({ number, field, reason }: { number: number; field: string; reason: string }) =>
    `rule ${number} has no usable \`${field}\` (${reason}); the README lists what each kind of rule takes.`,
  rulesField: ({ field, reason }: { field: string; reason: string }) =>
    `\`${field}\` is not usable (${reason}); a set of rules is {"version": 1, "rules": [{"kind": "contains", "text": "…"}]}.`,
  rulePatternSlow: ({ number, characters, seconds }: { number: number; characters: number; seconds: number }) =>
    `Rule ${number}: its pattern takes ${seconds} seconds for ${characters} equal characters, so it could take for ever on an answer: write it without a repetition inside a repetition.`,
  rulePatternBad: ({ number, reason }: { number: number; reason: string }) =>
    `Rule ${number} is a pattern that cannot be read (${reason}); it is a regular expression as JavaScript has them.`,
  ruleRangeEmpty: ({ number, min, max }: { number: number; min: number; max: number }) =>
    `Rule ${number} wants a length of at least ${min} and at most ${max}, which no answer has; raise \`max\`.`,
  rewardNotRead: ({ name, names }: { name: string; names: string }) =>
    `The reward "${name}" is neither a file of rules, nor the directory of a reward model or of a model that compares answers, nor one of: ${names}.`,
  bestOfGreedy: ({ count }: { count: number }) =>
    `\`--best-of ${count}\` chooses among answers, and at temperature 0 they are all the same; give a \`--temperature\` above 0.`,
  bestOfNeedsReward: '`--best-of` needs a `--reward` to choose by.',
  rewardNeedsBestOf: '`--reward` chooses among answers; say of how many with `--best-of`.',
  nothingScored:
    'No rule could be looked at for any answer, so none is the best; look at the rules that need a reference.',
  judgeTooMany: ({ answers, comparisons, questions, mostAnswers, mostQuestions }: TooManyCompared) =>
    `A judge compares every two answers to a prompt, each two in both orders: ${answers} answers would be ${comparisons} comparisons, ${questions} questions. At most ${mostAnswers} answers (${mostQuestions} questions) are compared; ask for ${mostAnswers} or fewer, or choose a reward that scores each answer by itself.`,
  judgeOptionsUnread: ({ options, reward }: { options: string; reward: string }) =>
    `${options} is for a model that compares answers, and the reward ${reward} is none; leave it out, or give the directory of such a model as \`--reward\`.`,
  judgeOptionsAlone: ({ options }: { options: string }) =>
    `${options} says how a model that compares answers is asked, and none is given; give its directory as \`--reward\`, or leave it out.`,
  judgeTooLong: ({ a, b }: { a: number; b: number }) =>
    `Two answers of ${a} and ${b} characters do not fit the context of the judging model even without their prompt; choose a model with a longer context, or leave this pair out.`,
};
