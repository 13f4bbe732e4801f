/**
 * @file A bundle for a training cluster: the run as TRL's command line repeats it, the pairs in the order of the steps,
 * the adapter that it started from, and what must come out, with a script that compares. Text files all, but for the
 * adapters; what is in them is gathered in repeatable-run.ts.
 */
import { markdownLine } from '../core/markdown-line';
import { trlRow } from '../data/trl-row';
import type { LoraAdapter } from '../formats/peft';
import { writePeftAdapter } from '../formats/peft';
import type { RunConfig } from '../run/config';
import { estimatesDivergence } from '../run/trl';
import { checkScript, startScript } from './bundle-scripts';
import type { RepeatableRun } from './repeatable-run';
import { bytesFile, textFile, type StreamedFile } from './streamed-file';

/** What the tests run a bundle with: the versions of tools/requirements.txt, and what these bring along. */
export const requirements: Readonly<Record<string, string>> = {
  torch: '2.13.0',
  transformers: '5.18.0',
  peft: '0.21.0',
  trl: '1.13.0',
  accelerate: '1.15.0',
  datasets: '5.2.0',
};

export interface BundleFacts {
  /** What the base is called. */
  readonly baseName: string;
  readonly run: RepeatableRun;
  /** How the base was held in the run, where that was not float32. */
  readonly heldAs: string;
  /** The adapter that came of the run. */
  readonly trained: LoraAdapter;
}

/** PyYAML reads 1e-6 as a text and 1.0e-6 as a number. */
const number = (value: number): string => String(value).replace(/^(-?\d+)e/, '$1.0e');

function yamlValue(value: unknown): string {
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(', ')}]`;
  return JSON.stringify(value);
}

const yaml = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${yamlValue(value)}\n`)
    .join('');

/**
 * The modules that the start adapts, as TRL's `lora_target_modules` names them. TRL makes a list of one name a regular
 * expression, so one name is written as such.
 */
export function targetsOf({ target_modules, layers_to_transform, modules }: LoraAdapter): readonly string[] {
  const names = layers_to_transform === null ? target_modules : [...modules.keys()];
  const [only] = names;
  return names.length === 1 && only !== undefined ? [`(.*\\.)?${only.replaceAll('.', '\\.')}`] : names;
}

/** Keys that mean the same here and there, in the order in which they are written. */
const sharedKeys = [
  ...['learning_rate', 'lr_scheduler_type', 'warmup_steps', 'num_train_epochs', 'max_steps'],
  ...['per_device_train_batch_size', 'gradient_accumulation_steps', 'max_grad_norm', 'weight_decay'],
  ...['adam_beta1', 'adam_beta2', 'adam_epsilon', 'seed'],
] as const satisfies readonly (keyof RunConfig)[];

/** The loss; what none of its terms reads has its default and is left out. */
function lossOf(config: RunConfig): Record<string, unknown> {
  if (config.method === 'sft') return {};
  if (config.method === 'kto') {
    const { loss_type, beta, desirable_weight, undesirable_weight } = config;
    return { loss_type: loss_type[0], beta, desirable_weight, undesirable_weight };
  }
  const { loss_type, loss_weights, beta, label_smoothing, ld_alpha, discopop_tau, f_divergence_type } = config;
  return {
    loss_type: [...loss_type],
    ...(loss_weights && { loss_weights: [...loss_weights] }),
    beta,
    ...(label_smoothing !== 0 && { label_smoothing }),
    ...(ld_alpha !== null && { ld_alpha }),
    ...(loss_type.includes('discopop') && { discopop_tau }),
    ...(f_divergence_type !== 'reverse_kl' && { f_divergence_type }),
    ...(f_divergence_type === 'alpha_divergence' && { f_alpha_divergence_coef: config.f_alpha_divergence_coef }),
  };
}

/** How a profile multiplies: the parity profile in float32, as Airlock does, the other as GPUs are fast. */
const precisions = {
  float32: { dtype: 'float32', bf16: false, mixed_precision: 'no' },
  bfloat16: { dtype: 'bfloat16', bf16: true, mixed_precision: 'bf16' },
} as const;

/**
 * TRL's configuration. Keys that TRL does not know (`num_processes`, `mixed_precision`) it hands to accelerate, whose
 * own profiles they overrule.
 */
export function writeTrlConfig({ run }: BundleFacts, precision: keyof typeof precisions): string {
  const { config, start, maxLength, maxSteps } = run;
  const { dtype, bf16, mixed_precision } = precisions[precision];
  const shared = Object.fromEntries(sharedKeys.map((key) => [key, config[key]]));
  return [
    `# Written by Airlock for trl ${requirements['trl']}: README.md says how it is run.\n`,
    '# start/sitecustomize.py lets training start from the adapter in start/.\n',
    'env:\n  PYTHONPATH: start\n  HF_HUB_OFFLINE: "1"\n',
    yaml({ model_name_or_path: 'base', dtype }),
    'datasets:\n  - path: json\n    data_files: pairs.jsonl\n    split: train\n',
    '# The rows lie in the order of the steps.\n',
    yaml({ train_sampling_strategy: 'sequential' }),
    yaml(lossOf(config)),
    yaml({ ...shared, ...(maxSteps !== null && { max_steps: maxSteps }), max_length: maxLength }),
    yaml({
      ...{ use_peft: true, lora_r: start.r, lora_alpha: start.lora_alpha, lora_dropout: 0 },
      lora_target_modules: targetsOf(start),
    }),
    `# Accelerate's, for one process; README.md has the numbers for several.\n`,
    yaml({ num_processes: 1, mixed_precision, bf16 }),
    yaml({ output_dir: precision === 'float32' ? 'out' : 'out-bf16', report_to: 'none', logging_steps: 1 }),
    yaml({ save_strategy: 'steps', save_steps: 10, save_total_limit: 3 }),
  ].join('');
}

const profileRest = {
  ...{ compute_environment: 'LOCAL_MACHINE', debug: false, downcast_bf16: 'no', machine_rank: 0 },
  ...{ main_training_function: 'main', mixed_precision: 'no', num_machines: 1, num_processes: 1 },
  ...{ rdzv_backend: 'static', same_network: true, use_cpu: false },
};

const profiles: Readonly<Record<string, string>> = {
  'single_gpu.yaml': yaml({ distributed_type: 'NO', gpu_ids: 'all' }),
  'fsdp2.yaml':
    yaml({ distributed_type: 'FSDP' }) +
    `fsdp_config:
  fsdp_version: 2
  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
  fsdp_activation_checkpointing: false
  fsdp_cpu_ram_efficient_loading: true
  fsdp_offload_params: false
  fsdp_reshard_after_forward: true
  fsdp_state_dict_type: FULL_STATE_DICT
`,
  'zero3.yaml':
    yaml({ distributed_type: 'DEEPSPEED' }) +
    `deepspeed_config:
  deepspeed_multinode_launcher: standard
  offload_optimizer_device: none
  offload_param_device: none
  zero3_init_flag: true
  zero3_save_16bit_model: true
  zero_stage: 3
`,
};

function expectedOf({ run, heldAs }: BundleFacts): object {
  const { config, maxLength, logps, losses, startsAtLn2 } = run;
  return {
    method: config.method,
    loss_type: config.method === 'sft' ? null : config.loss_type,
    max_length: maxLength,
    tolerance: 1e-3,
    pairs: logps,
    losses,
    first_loss_is_ln_2: startsAtLn2,
    ...(logps.length === 0 &&
      losses.length === 0 && {
        why_empty: `Airlock held the base in ${heldAs}, whose numbers are others than those of TRL in float32.`,
      }),
  };
}

const rowsOf = ({ rows, config }: RepeatableRun): string =>
  rows
    .map((pair) => {
      const row =
        config.method === 'sft'
          ? { prompt: pair.prompt, completion: pair.chosen }
          : trlRow(pair, null, config.method === 'kto');
      return `${JSON.stringify(row)}\n`;
    })
    .join('');

/** Losses that set the pairs of a process against each other, so that another share is another loss. */
const batchLosses = ['aot', 'aot_unpaired'];

/** Whether the loss of a step is another one where each process takes fewer pairs. */
const isOfBatch = (config: RunConfig): boolean =>
  config.method === 'dpo' && config.loss_type.some((name) => batchLosses.includes(name));

/** Ways to share a step's pairs among processes, each with a whole number of them. */
export function sharesOf(config: RunConfig) {
  const { per_device_train_batch_size: size, gradient_accumulation_steps: steps } = config;
  // KTOTrainer estimates the divergence over all processes together, so one alone gives the same numbers.
  if (estimatesDivergence(config)) return [{ processes: 1, perDevice: size, accumulation: steps }];
  return [1, 2, 4, 8, 16, 32, 64]
    .filter((processes) => (size * steps) % processes === 0)
    .map((processes) => {
      const share = (size * steps) / processes;
      const sizes = Array.from({ length: Math.min(size, share) }, (_, i) => i + 1);
      const perDevice = sizes.filter((each) => share % each === 0).at(-1) ?? 1;
      return { processes, perDevice, accumulation: share / perDevice };
    })
    .filter(({ perDevice }) => !isOfBatch(config) || perDevice === size);
}

/** How several GPUs take the same steps. */
function sharing(config: RunConfig): string {
  const shares = sharesOf(config);
  const most = shares.at(-1);
  if (most === undefined || shares.length === 1)
    return `A step of this run cannot be shared: ${
      estimatesDivergence(config)
        ? 'its loss estimates how far the model has moved by the answers of all processes together'
        : 'it has one pair, or its loss sets the pairs of a batch against each other'
    }. So with several processes it is another run, which \`check.py\` does not know.`;
  const rows = shares.map((share) => `| ${share.processes} | ${share.perDevice} | ${share.accumulation} |`);
  const { method } = config;
  return `A step must see the same rows, so name the processes with their share:

| \`--num_processes\` | \`--per_device_train_batch_size\` | \`--gradient_accumulation_steps\` |
|---|---|---|
${rows.join('\n')}

For example \`trl ${method} --config ${method}.yaml --accelerate_config fsdp2.yaml --num_processes ${most.processes} --per_device_train_batch_size ${most.perDevice} --gradient_accumulation_steps ${most.accumulation}\`.`;
}

function readMe({ baseName, run, heldAs }: BundleFacts): string {
  const { config, losses, chatTemplate, maxSteps } = run;
  const { method } = config;
  const name = markdownLine(baseName);
  const compared =
    losses.length > 0
      ? `The losses of the first ${losses.length} steps must be Airlock's within 0.001${run.startsAtLn2 ? '; that of step 1 is ln 2 = 0.693147' : ''}.`
      : `There are no losses to compare: Airlock held the base in ${heldAs}.`;
  return `# ${method.toUpperCase()} of ${name}, as Airlock ran it

This folder repeats a run of Airlock on GPUs by TRL ${requirements['trl']}, and shows that it does. **It holds the training data** (\`pairs.jsonl\`): treat it as you treat those.

## Once

1. \`sha256sum -c SHA256SUMS\`, and \`model_signing verify key\` where there is a \`model.sig\`: before anything is added here.
2. \`pip install -r requirements.txt\`, from your mirror. Other versions may do; these were tested.
3. Put the base checkpoint, ${name}, here as \`base\`: \`ln -s /path/to/checkpoint base\`. Or add \`--model_name_or_path\` and \`--base\` below.${
    chatTemplate === null
      ? ''
      : '\n4. Airlock used another chat template than the base has: use a copy of the base with `chat_template.jinja` of this folder in it.'
  }

## Run, in this folder

    python check.py --only pairs
    trl ${method} --config ${method}.yaml --accelerate_config single_gpu.yaml
    python check.py

\`check.py\` first scores the first pairs on the base (in float32, on the CPU unless you say \`--device cuda\`), then compares the run's losses. ${compared} You need not wait for the end: after step 10 there is a checkpoint that \`check.py --only run\` reads.

\`${method}.yaml\` computes in float32, as Airlock did. \`${method}-bf16.yaml\` is the same run in bfloat16, which is what GPUs are fast in; its losses are other ones, so it is not compared.

## Several GPUs

\`fsdp2.yaml\` and \`zero3.yaml\` (DeepSpeed, which is not in requirements.txt) share the model among GPUs. ${sharing(config)} These two profiles were not run on GPUs where this bundle was tested.

## What is here

- \`${method}.yaml\`, \`${method}-bf16.yaml\`: the run. ${
    maxSteps === null
      ? 'The pairs are those of one pass; further passes take them in the same order.'
      : 'The pairs of all passes follow each other, since Airlock shuffled each pass anew; max_steps ends the run.'
  }
- \`start/\`: the adapter before the first step, and \`sitecustomize.py\`, which lets TRL start from it (TRL itself draws one at random). It needs \`PYTHONPATH\`, which the configuration sets; a value of your own is replaced for the run.
${run.reference === null ? '' : '- `reference/`: the frozen adapter of the reference.\n'}- \`expected.json\`: token counts and log-probabilities of the first pairs, losses of the first steps.
- \`adapter/\`: what came of the run in Airlock, a PEFT adapter that vLLM, SGLang and transformers serve.
`;
}

const folderOf = (folder: string, adapter: LoraAdapter): StreamedFile[] =>
  Object.entries(writePeftAdapter(adapter, ''))
    .filter(([path]) => path !== 'README.md')
    .map(([path, bytes]) => bytesFile(`${folder}/${path}`, bytes));

/** Writes the files of a bundle. */
export function writeBundle(facts: BundleFacts): readonly StreamedFile[] {
  const { run, trained } = facts;
  const { method } = run.config;
  const pins = Object.entries(requirements).map(([name, version]) => `${name}==${version}\n`);
  return [
    textFile('README.md', readMe(facts)),
    textFile(`${method}.yaml`, writeTrlConfig(facts, 'float32')),
    textFile(`${method}-bf16.yaml`, writeTrlConfig(facts, 'bfloat16')),
    ...Object.entries(profiles).map(([path, text]) => textFile(path, text + yaml(profileRest))),
    textFile('requirements.txt', pins.join('')),
    textFile('pairs.jsonl', rowsOf(run)),
    textFile('expected.json', `${JSON.stringify(expectedOf(facts), null, 2)}\n`),
    textFile('check.py', checkScript),
    ...folderOf('start', run.start),
    textFile('start/sitecustomize.py', startScript),
    ...(run.reference === null ? [] : folderOf('reference', run.reference)),
    ...(run.chatTemplate === null ? [] : [textFile('chat_template.jinja', run.chatTemplate)]),
    ...folderOf('adapter', trained),
  ];
}
