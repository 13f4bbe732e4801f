/** @file The Models screen: stored models, models of the server, a directory, and what the chosen one needs. */
import { formatBytes, formatCount, formatDuration, plural } from '../format';
import type { Precision } from '../../../core/dtype';
import type { Shortage } from '../../../run/memory-plan';

const precisionNames: Readonly<Record<Precision, string>> = { float32: 'float32', float16: 'float16', int4: '4 bits' };

export const model = {
  title: 'Models',
  lead: 'The base model that adapters are trained for. It is copied into this browser once and opened from there.',
  stored: 'In this browser',
  nothingStored: 'No model is kept here yet. Choose a model directory below; the next visit opens it from here.',
  openNotStored: (name: string) => `${name} is open, but not kept here. Choose its directory again at the next visit.`,
  rename: (name: string) => `Rename ${name}`,
  newName: (name: string) => `New name of ${name}`,
  families: {
    title: 'Which models work, and how to bring one here',
    lead: 'Families that are known to work, by their model_type in config.json; Instruct versions bring a chat template. For a PC without a strong graphics card, take one of up to 1 billion parameters.',
    list: {
      llama: 'Llama 2 and 3, TinyLlama, SmolLM2',
      mistral: 'Mistral 7B',
      qwen2: 'Qwen 2, 2.5 (0.5B and up)',
      qwen3: 'Qwen 3 (0.6B and up)',
      gemma2: 'Gemma 2',
      gemma3_text: 'Gemma 3, text (270M, 1B)',
      phi3: 'Phi-3, Phi-3.5, Phi-4 mini',
      smollm3: 'SmolLM3',
      olmo2: 'OLMo 2',
      gpt_neox: 'GPT-NeoX: Pythia, Polyglot-Ko',
      gpt2: 'GPT-2',
    },
    bring: 'To a PC without internet:',
    steps: [
      'On a PC with internet, open the model’s page on Hugging Face and accept its licence where it has one.',
      'Download config.json, generation_config.json, tokenizer.json, tokenizer_config.json, chat_template.jinja where there is one, and all files that end in .safetensors, into one directory. The command is: hf download NAME --local-dir DIRECTORY.',
      'Carry the directory over as your company allows, and choose it here. It is copied into the browser once.',
    ],
  },
  onServer: 'On this server',
  isOpen: 'open',
  open: 'Open',
  openNamed: (name: string) => `Open ${name}`,
  fetch: 'Fetch and open',
  fetchNamed: (name: string) => `Fetch and open ${name}`,
  delete: 'Delete',
  deleteNamed: (name: string) => `Delete ${name}`,
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteBody: (size: string) =>
    `This frees ${size}. Runs and adapters stay; to use them again, the model’s directory has to be chosen again.`,
  keepIt: 'Keep it',
  deleted: (name: string) => `${name} was deleted.`,
  notKept: (name: string) =>
    `${name} is open, but this browser did not keep it: choose its directory again at the next visit.`,
  hash: (hash: string) => `SHA-256 of the files: ${hash}`,
  directory: 'A directory of this PC',
  dropArea: 'Model directory drop area',
  choose: 'Choose model directory',
  chooseFirst: { before: 'A Hugging Face checkpoint directory:', after: 'Choose it, or drop it here.' },
  chooseOther: 'Choose or drop another directory to change the model.',
  droppedFile: 'A single file was dropped. Drop the whole model directory, or choose it with the button.',
  noConfig: (directory: string) =>
    `The directory "${directory}" has no config.json. Choose a Hugging Face checkpoint directory: config.json, tokenizer.json and model.safetensors lie side by side in it.`,
  severalModels: (directory: string, count: number, shown: string) =>
    `The directory "${directory}" holds ${count} models (${shown}). Choose the directory of one of them.`,
  copying: (name: string) => `Copying ${name} into this browser`,
  copied: (done: number, total: number, secondsLeft: number | null) =>
    `${formatBytes(done)} of ${formatBytes(total)}${secondsLeft === null ? '' : `, about ${formatDuration(Math.max(1, secondsLeft))} left`}`,
  cancelCopy: 'Cancel copying',
  checking: (name: string) => `Checking every byte of ${name}`,
  cancelCheck: 'Cancel the check',
  checkNamed: (name: string) => `Check every byte of ${name}`,
  sound: (name: string) => `${name} is as it was copied: every byte was checked.`,
  opening: (name: string, what: string) => `Opening ${name}: ${what}`,
  readingDirectory: 'reading the directory',
  compiling: 'compiling its stages',
  measuringGpu: 'measuring the graphics processor, once, for a second',
  bytesOf: (done: number, total: number) => `${formatBytes(done)} of ${formatBytes(total)}`,
  cancelLoading: 'Cancel loading',
  staysLoaded: (name: string) => `${name} stays loaded.`,
  otherRuns: 'Runs of other models',
  otherRunsLead: 'An adapter answers with the model that it was trained on: open that one to use it.',
  openForRuns: (name: string) => `Open ${name} for its runs`,
  runsNeedDirectory: 'This browser does not keep the model. Choose its directory above.',
  runsOf: (name: string, count: number) => `${name} (${plural(count, 'run')})`,
  adapters: {
    title: 'Adapters of this model',
    named: (names: readonly string[], more: number) =>
      `Adapters: ${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`,
    none: 'No adapter of this model yet; train one, or import one under Train.',
    name: 'Adapter',
    method: 'Method',
    steps: 'Steps',
    rank: 'LoRA rank',
    madeAt: 'Made',
    size: 'Size',
    imported: 'imported',
    all: 'Runs and adapters: charts, downloads, notes',
  },
  plan: {
    title: (name: string) => `What ${name} needs`,
    settings: (length: number, pairs: number, rank: number, precision: Precision) =>
      `Training at ${plural(length, 'token')} a pair, ${plural(pairs, 'pair')} a batch, LoRA rank ${rank}, weights in ${precisionNames[precision]}; an estimate, usually within a fifth. The page itself takes about 150 MB beside it.`,
    parts: {
      weights: 'Weights',
      adapter: 'Adapter and optimiser',
      activations: 'Activations',
      answers: (count: number, areAlone: boolean) =>
        `${plural(count, 'answer')} drawn at once${areAlone ? ', while there are no activations' : ''}`,
      judge: 'Judge of the answers',
      workspace: 'Working space',
      total: 'In all',
      answering: 'While answering',
    },
    precision: {
      label: 'Precision of the weights',
      names: precisionNames,
      auto: 'Automatic',
      autoHelp: (precision: Precision, isChosen: boolean) =>
        isChosen ? `The most exact way that fits; here ${precisionNames[precision]}.` : 'The most exact way that fits.',
      needs: (bytes: number, fits: boolean, fitsCheckpointed: boolean) =>
        `${formatBytes(bytes)} at most${fits ? '.' : fitsCheckpointed ? ', too much; it fits with gradient checkpointing.' : ', too much.'}`,
      helps: {
        float32: 'The numbers of the checkpoint.',
        float16: 'Half the space; numbers are rounded to three digits.',
        int4: 'About a fifth of the space; rounded much coarser, and slower on the processor. Embedding and output: 8 bits.',
      } satisfies Record<Precision, string>,
      noFloat16: 'This graphics device has no 16-bit arithmetic (shader-f16), so float16 is not offered.',
    },
    recompute: 'Activations are computed twice instead of being kept (gradient checkpointing).',
    granted: 'This device',
    memory: (bytes: number) => `${formatBytes(bytes)} of memory, as far as the browser tells`,
    binding: (bytes: number) => `${formatBytes(bytes)} in one GPU buffer; graphics memory is not told`,
    storage: (bytes: number) => `${formatBytes(bytes)} more may be stored, as the browser estimates`,
    fits: 'It fits.',
    short: ({ kind, neededBytes, grantedBytes }: Shortage) => {
      const [needed, granted] = [formatBytes(neededBytes), formatBytes(grantedBytes)];
      if (kind === 'heap') return `WebAssembly would need ${needed} and has ${granted} at most.`;
      if (kind === 'memory') return `It would need ${needed} in all; ${granted} of this PC’s memory can be counted on.`;
      return `Its largest tensor has ${needed}, and this GPU binds ${granted} at once.`;
    },
    proposal: (length: number, pairs: number, precision: Precision, isCheckpointed: boolean) =>
      `It fits with at most ${plural(length, 'token')} and ${plural(pairs, 'pair')} a batch, weights in ${precisionNames[precision]}${isCheckpointed ? ', activations computed twice (gradient checkpointing)' : ''}.`,
    noProposal: 'No length, batch size or precision makes it fit. Choose a smaller model or another device.',
    useSettings: 'Use these settings',
    useProposal: 'Use these settings and open',
    open: 'Open',
    openAnyway: 'Open anyway',
    leave: 'Do not open',
  },
  template: {
    title: 'Chat template',
    missing: (name: string) =>
      `${name} is a base model without a chat template, so nothing says how messages become text. Choose it; nothing is guessed, and adapters state the choice.`,
    label: 'How messages become text',
    choices: {
      none: {
        name: 'No template',
        help: 'Prompts and answers are plain text and go to the model as they are. Pairs of chat messages are refused.',
      },
      plain: {
        name: 'Plain words',
        help: '“User: …” and “Assistant: …” on lines of their own. Plain text only, no special token that the model has never seen.',
      },
      chatml: {
        name: 'ChatML',
        help: '<|im_start|>user … <|im_end|>. Right where the tokenizer has these two as tokens, as the chat version of the same model often does.',
      },
      file: {
        name: 'A template of your own',
        help: 'A file of Jinja, say the chat_template.jinja of a related model.',
      },
    },
    file: 'Choose a template file',
    inUse: (file: string) => `In use: ${file}`,
  },
  card: {
    facts: {
      architecture: 'Architecture',
      parameters: 'Parameters',
      layers: 'Layers',
      vocabulary: 'Vocabulary',
      context: 'Context',
      dtype: 'Stored as',
      template: 'Chat template',
      eos: 'End of text',
      weights: 'Weights in use',
      precision: 'Precision in use',
      fingerprint: 'Fingerprint',
      hash: 'SHA-256 of the files',
    },
    precision: (precision: Precision) => precisionNames[precision],
    layers: (layers: number, width: number) => `${layers} × ${formatCount(width)} wide`,
    vocabulary: (size: number, isTied: boolean) => `${formatCount(size)}${isTied ? ', tied' : ''}`,
    context: (tokens: number) => plural(tokens, 'token'),
    ownTemplate: 'its own',
    noTemplate: 'none',
    none: 'none',
    warnings: 'Warnings about the model',
  },
};
