/** @file The hand-over dialog: which server reads it, what it comes to, what stands against it, writing. */
import { formatBytes, formatCount, formatDuration, plural } from '../format';
import type { ExportFormat, FloatDtype, LeakKind } from '../../../run/hand-over';
import type { Destination, HandOverForm } from '../../plain/hand-over/form';
import { serverNames } from '../../plain/hand-over/server-names';

const contents: Readonly<Record<ExportFormat, string>> = {
  peft: 'The folder holds the adapter alone, as PEFT keeps it: settings, weights, a model card.',
  gguf: 'The folder holds the adapter alone, as one GGUF file.',
  merged:
    'The folder holds a whole model: the base with the adapter added to its weights, tokenizer and chat template with it.',
  mlx: 'The folder holds the adapter alone, laid out for mlx-lm.',
  bundle:
    'The folder holds what repeats the training with TRL on GPUs: settings, the adapter before and after, numbers that must come out, and the training pairs themselves. Treat it as you treat those.',
};

const besideBase = (server: string) =>
  `The administrator puts it beside the base model and starts ${server} with the line below; requests name the adapter as their model.`;
const asModel = (server: string) =>
  `The administrator gives it to ${server} like any other model; the base model is not needed.`;

export const handOver = {
  open: 'Hand over',
  openOf: (run: string) => `Hand over ${run}`,
  title: (run: string) => `Hand over ${run}`,
  server: 'Who will serve it?',
  serverName: (server: Destination) =>
    server === 'cluster' ? 'A training cluster' : server === 'unknown' ? 'I do not know' : serverNames[server],
  serverHelp: {
    vllm: 'GPU server of many users',
    sglang: 'GPU server of many users',
    'llama.cpp': 'GGUF models, CPU or small GPU',
    ollama: 'models on a workstation',
    transformers: 'Python, with PEFT',
    mlx: 'Apple computers, mlx-lm',
    cluster: 'the same run again, at any size',
    unknown: 'the bundle holds everything',
  } satisfies Readonly<Record<Destination, string>>,
  unknownAsIs: 'the adapter as it is',
  narrowed: {
    scoreHead:
      'A reward model has a score head beside LoRA. Only PEFT’s files hold it (modules_to_save), and only transformers reads it there; so no other place is offered.',
    noBundle:
      'A bundle repeats runs of DPO, SFT and KTO from their pairs. This run was trained otherwise, so no bundle is offered.',
  },
  format: 'What is written',
  formats: {
    peft: 'adapter',
    gguf: 'adapter (GGUF)',
    merged: 'whole model',
    mlx: 'adapter (mlx-lm)',
    bundle: 'bundle',
  } satisfies Readonly<Record<ExportFormat, string>>,
  contents,
  scoresOnly:
    'It gives scores and writes nothing: there are no answers to check a server by, or that could give anything away.',
  does: ({ server, format }: Pick<HandOverForm, 'server' | 'format'>) => {
    if (format === 'bundle')
      return 'The administrator puts the base into it and runs the lines below; README.md in it says how, on one GPU and on many. The adapter in it can also be served as it is.';
    const isUnnamed = server === 'unknown' || server === 'cluster';
    if (format !== 'merged')
      return server === 'transformers' || isUnnamed
        ? 'Whoever writes the program loads it onto the base model with the lines below.'
        : besideBase(serverNames[server]);
    if (server === 'ollama')
      return 'The administrator makes a model of it with the line below; Ollama takes no adapters any more.';
    if (server === 'llama.cpp')
      return 'The administrator turns it into a GGUF file first, with llama.cpp’s own script, and serves that.';
    return asModel(isUnnamed ? 'the server' : serverNames[server]);
  },
  command: 'The command, from the folder above it',
  copy: 'Copy',
  copied: 'The command was copied.',
  copyRefused: 'The browser refused the clipboard; select the command and copy it.',
  name: 'Name of the folder, and of the adapter on the server',
  nameHelp: 'A new name for each version: a server may hold the one before.',
  nameProblem: 'Letters A to Z, digits, points, hyphens and underscores; it begins with a letter or a digit.',
  dtype: 'Numbers',
  dtypes: {
    F32: 'float32: nothing is rounded',
    F16: 'float16: half the size',
    BF16: 'bfloat16: half the size, coarser',
  } satisfies Readonly<Record<FloatDtype, string>>,
  dtypeOwn: { adapter: 'float32: nothing is rounded', merged: 'as the base has them' },
  rank: 'Largest rank that the server takes',
  rankOf: (rank: number) => `The adapter’s rank is ${formatCount(rank)}.`,
  files: (count: number, bytes: number) =>
    count === 0
      ? 'Its files are made while it is written.'
      : `${plural(count, 'file')}, ${formatBytes(bytes)}; beside them a bill of materials and SHA256SUMS.`,
  planning: 'Looking at the adapter…',
  contract: (server: Destination) =>
    server === 'cluster' || server === 'unknown' ? 'What stands against it' : `What ${serverNames[server]} will say`,
  nothing: (server: Destination) =>
    server === 'cluster' || server === 'unknown'
      ? 'Nothing stands against it.'
      : `Nothing stands against it: ${serverNames[server]} takes what is written here.`,
  forbids: 'refused',
  advice: 'advice',
  mends: {
    fold: 'Put the scale into the matrices',
    merge: 'Write a whole model instead',
    rank: (rank: number) => `Start the server with ${formatCount(rank)}`,
  },
  folded: 'The scale is put into the matrices; alpha equals the rank.',
  unfold: 'Leave it beside',
  proof: 'What proves it on the server',
  canaries: 'Canaries for check_server.py',
  canaryKinds: {
    answers: 'the model’s answers to neutral questions',
    pairs: 'training pairs, as token ids',
    none: 'none',
  } satisfies Readonly<Record<HandOverForm['canaries'], string>>,
  canaryHelp: {
    answers: 'The administrator runs the script against the server, and it says which it serves.',
    pairs: 'Tells base and adapter apart best; but whoever has the tokenizer can read the pairs.',
    none: 'Nobody can tell on the server whether it serves the adapter.',
  } satisfies Readonly<Record<HandOverForm['canaries'], string>>,
  sign: 'Sign it (model.sig)',
  fingerprint: 'Fingerprint of this browser’s key',
  signHelp:
    'Tell it to the administrator once, by telephone. The signature shows that no file was changed and that it is the same browser as before; who sits at it, it cannot show.',
  savePublicKey: 'Save the public key',
  noKey: 'This browser makes no key, so nothing is signed.',
  verify: 'This verifies the signature, with the public key beside the folder:',
  checkServer: 'Against the server as it runs, this says in a sentence what it serves:',
  leaks: {
    title: 'What it gives away',
    lead: 'The adapter is asked to go on with its own training answers, and the pairs are searched for secrets and personal data. A report, nothing more: what has no form is not found.',
    look: 'Look',
    again: 'Look again',
    recited: (count: number, base: number, asked: number) =>
      asked === 0
        ? 'No answer was long enough to be asked for.'
        : `Of ${plural(asked, 'answer')} whose beginning was given, the adapter goes on word for word with ${formatCount(count)}, the base with ${formatCount(base)}.`,
    whole: (pair: number, tokens: number) => `pair ${formatCount(pair)}: ${plural(tokens, 'token')} word for word`,
    none: (searched: number) =>
      `In ${plural(searched, 'pair')} nothing has the form of a secret or of personal data; names and addresses have none.`,
    found: (kind: string, count: number, pairs: number) =>
      `${kind}: ${formatCount(count)}, in ${plural(pairs, 'pair')}`,
    table: 'Found, masked',
    kinds: {
      email: 'e-mail address',
      phone: 'telephone number',
      residentNumber: 'Korean resident number',
      businessNumber: 'Korean business number',
      cardNumber: 'card number',
      key: 'key or token',
      password: 'password',
    } satisfies Readonly<Record<LeakKind, string>>,
  },
  record: 'For the audit log',
  who: 'Your name',
  reason: 'Why it is handed over',
  approver: 'Approved by',
  demanded: 'This office demands what is marked; without it nothing is written.',
  required: (label: string) => `${label} (demanded)`,
  otherModel: (model: string) =>
    `Hand-over reads the base model too. Open ${model} under Models, and come back to this.`,
  toModels: 'To Models',
  forbidden: 'The server would refuse it; mend what is marked first, or write it all the same.',
  toFolder: 'Write to a folder',
  toZip: 'Write a zip',
  zipHelp: 'A zip goes to the downloads and holds 4 GB at most; a folder is written to directly.',
  onlyZip: 'This browser lets no page write to a folder, so a zip goes to the downloads; it holds 4 GB at most.',
  zipTooLarge: (bytes: number) =>
    `A zip holds 4 GB at most, and these files are ${formatBytes(bytes)}: write them to a folder.`,
  onlyZipTooLarge: (bytes: number) =>
    `These files are ${formatBytes(bytes)}. This browser lets no page write to a folder, and a zip holds 4 GB at most: open Airlock in Chrome or Edge, or hand over the adapter alone.`,
  doing: {
    leakCheck: 'Asking the adapter for its training answers',
    canaries: 'Making canaries',
    mergeDistance: 'Measuring how far merging moves the answers',
    writing: 'Writing',
  },
  did: (
    kind: 'leakCheck' | 'canaries' | 'mergeDistance' | 'writing',
    {
      done,
      total,
      secondsLeft,
    }: { readonly done: number; readonly total: number; readonly secondsLeft: number | null },
  ) =>
    (kind === 'writing'
      ? `${formatBytes(done)} of ${formatBytes(total)}`
      : `${formatCount(done)} of ${formatCount(total)}`) +
    (secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`),
  stopped: 'Cancelled. Nothing of it was left.',
  done: (name: string) => `${name} is written, whole.`,
  doneZip: (name: string) => `${name}.zip is written, whole, and lies with the downloads.`,
  doneFiles: (files: number, bytes: number) =>
    `${plural(files, 'file')} of ${formatBytes(bytes)} together, and SHA256SUMS with the hash of each.`,
  sums: 'SHA-256 of SHA256SUMS, which the audit log holds:',
  next: 'What the administrator does',
  check: 'In the folder, this tells whether all of it arrived:',
  another: 'Another server',
  serve: ({
    name,
    base,
    command,
    isBundle,
  }: {
    readonly name: string;
    readonly base: string;
    readonly command: string;
    readonly isBundle: boolean;
  }) =>
    `${name}, made with Airlock for the base model ${base}.\n\nIs it whole? In this folder:\n\n    sha256sum -c SHA256SUMS\n\n${isBundle ? 'To train it again' : 'To serve it'}, from the folder above this one; put your own path in place of the base's name:\n\n${command.replace(/^/gm, '    ')}\n`,
};
