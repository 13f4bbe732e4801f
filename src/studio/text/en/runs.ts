/** @file Runs and adapters, on the Train screen. */
import { formatCount, plural } from '../format';
import type { Run } from '../../plain/runs/run';
import type { RunFilter } from '../../plain/runs/find-runs';
import type { RunEnd } from '../../plain/runs/run-end';
import type { Precision } from '../../../core/dtype';
import type { Sureness } from '../../../evaluation/choices';

const status: Readonly<Record<Run['status'], string>> = {
  running: 'running',
  finished: 'finished',
  paused: 'paused',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'interrupted',
};

export const runs = {
  title: 'Runs & adapters',
  lead: 'Kept in this browser. An adapter is a PEFT directory, as a zip, for the server that holds the base model.',
  empty: 'No runs yet. Each training run will be listed here with its charts and its adapter.',
  status,
  label: (run: string) => `Run ${run}`,
  open: (run: string) => `Open run ${run}`,
  rename: (run: string) => `Rename run ${run}`,
  newName: (run: string) => `New name of ${run}`,
  delete: (run: string) => `Delete run ${run}`,
  deleted: (run: string) => `Run ${run} deleted.`,
  deletedMany: (count: number) => `${plural(count, 'run')} deleted.`,
  nameTaken: (name: string) =>
    `“${name}” is or was the name of another run. Choose a new one, so that downloaded files stay apart.`,
  pin: (run: string) => `Pin run ${run} to the top`,
  list: {
    search: 'Search names, notes, tags, methods, data',
    filter: 'Runs shown',
    filters: {
      all: 'All runs',
      model: 'Of the open model',
      dpo: 'DPO',
      sft: 'SFT',
      kto: 'KTO',
      reward: 'Reward models',
      rloo: 'RLOO',
      online_dpo: 'Online DPO',
      ppo: 'PPO',
      unfinished: 'Not finished',
      pinned: 'Pinned',
    } satisfies Readonly<Record<RunFilter, string>>,
    shown: (shown: number, total: number) =>
      shown === total ? plural(total, 'run') : `${formatCount(shown)} of ${plural(total, 'run')}`,
    none: 'No run matches the search and the filter.',
    chooseAll: 'Choose all runs shown',
  },
  otherModel: '(not the loaded model)',
  columns: {
    name: 'Run',
    dataset: 'Data',
    evalLoss: 'Evaluation loss',
    evalAccuracy: 'Evaluation accuracy',
    loss: 'Loss',
    margin: 'Margin',
    reward: 'Reward',
    steps: 'Steps',
    time: 'Time',
    started: 'Started',
  },
  table: 'Table of runs',
  actions: 'Actions',
  templates: {
    none: 'plain text',
    own: 'the model’s chat template',
    chosen: (name: string) => `chat template ${name}`,
  },
  page: {
    navigation: 'This run among others',
    back: 'All runs',
    gone: 'This run is not kept here any more.',
    see: (run: string) => `See ${run}`,
    together: 'The runs of this start over each other',
    handOver: 'Where to go next',
    adapter: (size: string) => `The adapter takes ${size}.`,
    compare: 'Compare the answers',
  },
  steps: ({ how, step, total }: RunEnd) =>
    how === 'all' ? formatCount(step) : `${formatCount(step)} of ${formatCount(total)}`,
  stepKept: (step: number) => `step ${formatCount(step)} kept`,
  stoppedEarly: 'stopped early',
  downloadAdapter: 'Download adapter',
  downloadAdapterOf: (run: string) => `Download adapter ${run}`,
  adapterDownloaded: (run: string) => `The adapter of ${run} was downloaded.`,
  downloadMetrics: 'Download metrics',
  metricsDownloaded: (run: string) => `Metrics of ${run} were downloaded.`,
  interrupted: 'The page was closed while this run was going. Its steps up to then are kept; there is no adapter.',
  interruptedWithCheckpoint:
    'The page was closed while this run was going. It can be resumed from its last checkpoint.',
  checkpoints: {
    title: 'Go on from a checkpoint',
    help: 'Resuming takes the steps that are left, exactly as if there had been no break. A fork is a new run with the settings of the form under Train.',
    needsModel: (model: string) => `Open ${model} to go on from here.`,
    needsPrecision: (model: string, precision: Precision) =>
      `Open ${model} with its weights in ${precision} to go on from here: the run was trained so.`,
    resume: (step: number) => `Resume from step ${formatCount(step)}`,
    next: (methods: readonly string[]) => `Go on with ${methods.join(', then ')}`,
    then: (methods: readonly string[]) => `${methods.join(', then ')} follows, as it was planned.`,
    fork: (step: number) => `Fork at step ${formatCount(step)}`,
  },
  notes: {
    title: 'Notes and tags',
    notes: (run: string) => `Notes on ${run}`,
    tags: (run: string) => `Tags of ${run}, separated by commas`,
  },
  comparison: {
    title: 'Runs side by side',
    short: 'Compare',
    choose: (run: string) => `Choose run ${run}`,
    another: 'Choose a second run to lay their charts over each other and see where their settings differ.',
    tooMany: (most: number) => `At most ${most} runs are laid over each other; clear some of the selection.`,
    chosen: (count: number) => `${plural(count, 'run')} chosen`,
    delete: (count: number) => `Delete ${plural(count, 'run')}`,
    deleteQuestion: (count: number) => `Delete ${plural(count, 'run')}?`,
    deleteBody: (names: string) =>
      `${names}: with their adapters, charts and checkpoints. The notice that follows can bring them back.`,
    keep: 'Keep them',
    clear: 'Clear the selection',
    axis: 'Horizontal axis',
    byStep: 'Steps',
    byTokens: 'Tokens trained on',
    atTokens: (tokens: number) => `${formatCount(tokens)} tokens`,
    differences: (count: number) =>
      count === 0 ? 'All settings are the same.' : `${plural(count, 'setting')} ${count === 1 ? 'differs' : 'differ'}.`,
    same: (count: number) => `${plural(count, 'setting')} that ${count === 1 ? 'is' : 'are'} the same`,
    table: 'Settings that differ',
    tableSame: 'Settings that are the same',
    setting: 'Setting',
    evaluation: 'evaluation pairs',
  },
  readingMetrics: 'Reading the metrics…',
  noStep: 'No step was finished.',
  import: {
    choose: 'Import a PEFT adapter',
    help: 'A directory with adapter_config.json and adapter_model.safetensors, for the open model. Training can continue from it, or use it as the reference.',
  },
  origin: {
    chain: 'Chain',
    importedHere: 'Imported; it was trained on exactly this base model.',
    importedElsewhere:
      'Imported; its files do not say on which base model it was trained, only that its layers fit this one.',
    referenceBase: (base: string) => `Reference: ${base}`,
    referenceStart: (run: string) => `Reference: ${run}, as it was`,
    referenceAdapter: (run: string) => `Reference: ${run}`,
    judged: (run: string) => `Answers judged by: ${run}`,
    start: (loss: string, isLn2: boolean, rewards: readonly [string, string] | null) =>
      `Step 0, where the policy is its own reference: loss ${loss}${isLn2 ? ' (ln 2)' : ''}${rewards === null ? '' : `, rewards ${rewards[0]} and ${rewards[1]}`}.`,
  },
  calibration: {
    title: 'Is it as sure as it is right?',
    lead: (count: number) =>
      `Of two answers the judge takes the one with the higher score, and the difference says how sure it is. ${plural(count, 'held-out pair')} can show how often it is right when it is that sure.`,
    measure: 'Measure',
    again: 'Measure again',
    stop: 'Stop',
    measuring: 'Scoring held-out pairs',
    progress: (done: number, total: number) => `${formatCount(done)} of ${plural(total, 'pair')}`,
    noPairs: 'Unknown: this run held no pairs out, or they are no longer kept. Train one with evaluation to see it.',
    tooFew: (count: number, fewest: number) =>
      `Unknown: ${plural(count, 'held-out pair')} are too few to say, ${formatCount(fewest)} are needed. Train with a larger share for evaluation.`,
    otherModel: (model: string) => `Open ${model} under Models to measure it.`,
    accuracy: (share: string, low: string, high: string, pairs: number) =>
      `It chose as your data did in ${share} of ${plural(pairs, 'held-out pair')} (95%: ${low} to ${high}).`,
    verdicts: {
      tooSure: 'It is surer than it is right: read a large difference of its scores as less than it seems.',
      tooUnsure: 'It is less sure than it is right: small differences of its scores already mean something.',
      fitting: 'Over all pairs it is about as sure as it is right.',
    } satisfies Readonly<Record<Sureness, string>>,
    error: (distance: string) => `Mean distance of the points from the line: ${distance} (expected calibration error).`,
    chart: (pairs: number) =>
      `Chart: how often the judge is right at each degree of sureness, with 95% intervals, on ${plural(pairs, 'pair')}; the values are in the table.`,
    sure: 'how sure it is',
    right: 'how often it is right',
    line: 'as sure as right',
    caption: 'By how sure it is',
    bin: 'Sure',
    pairs: 'Pairs',
    predicted: 'On average',
    observed: 'Right (95%)',
    range: (from: string, to: string) => `${from} to ${to}`,
    interval: (share: string, low: string, high: string) => `${share} (${low} to ${high})`,
  },
  settings: {
    title: 'Settings',
    pairs: 'pairs',
    weights: 'base weights',
    start: 'start',
    fresh: 'fresh adapter',
    adapterOf: (run: string) => `adapter of ${run}`,
    deletedRun: 'a deleted run',
  },
};
