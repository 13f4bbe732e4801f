/**
 * @file The README.md of an exported adapter: what it is, how it was made, how to load it. It names no local path.
 */
import { chooseObjective } from '../run/choose-objective';
import { objectiveOptions } from '../run/objectives';
import type { Precision } from '../core/dtype';
import type { RunConfig } from '../run/config';
import { markdownLine, pythonPathPart, yamlLine } from '../core/markdown-line';
import { meanOf } from '../core/statistics';
import type { StepMetrics } from '../run/metrics';
import type { TrainingResult } from './trainer';

/** What a run's data were, in counts. */
export interface DataFacts {
  /** Whether these are answers judged alone, and not pairs. */
  readonly areSingles: boolean;
  /** Pairs that were given, and those of them that were trained on. */
  readonly given: number;
  readonly pairs: number;
  /** Tokens of each answer that was trained on; null where none is read: `rejected` by SFT, both by RLOO. */
  readonly promptTokens: readonly number[];
  readonly chosenTokens: readonly number[] | null;
  readonly rejectedTokens: readonly number[] | null;
  /** Pairs that evaluation scored; null where there was none. */
  readonly evaluationPairs: number | null;
}

export interface CardFacts {
  readonly baseModel: string;
  readonly config: RunConfig;
  readonly result: TrainingResult;
  readonly data: DataFacts;
  /** How the base's weights were held. */
  readonly precision: Precision;
  /** The chat template in words, in Markdown. */
  readonly chatTemplate: string;
  /** Names of the adapters that it was continued from, oldest first. */
  readonly ancestors: readonly string[];
  /** What the reference was in words, where that is not the start as it was. */
  readonly separateReference: string | null;
}

/**
 * Tells whether a setting means anything to the run: an SFT run's card leaves out what only preference losses read, and
 * every card what only other losses read.
 */
function isRead(key: string, method: RunConfig['method'], reads: readonly string[]): boolean {
  if (key === 'loss_type') return method === 'dpo' || method === 'kto';
  if (key === 'loss_weights') return method === 'dpo';
  return !Object.hasOwn(objectiveOptions, key) || reads.includes(key);
}

/** What the adapter was trained against, where that is not the base as it is. */
const heldAs: Readonly<Record<Precision, string>> = {
  float32: 'in float32',
  float16: 'on base weights held in float16, with all arithmetic in float32',
  int4: 'on base weights held in blocks of 4 bits (embedding and output projection: 8 bits), with all arithmetic in float32',
};

/** How far the run came, why no further, and the step whose adapter this is; steps count from the run's first. */
function describeSteps({ metrics, totalSteps, stopped, endedEarly, bestStep }: TrainingResult): string {
  const reached = metrics.at(-1)?.step ?? 0;
  const why = stopped
    ? ' (stopped by the user)'
    : endedEarly
      ? ' (stopped early: the evaluation did not get better)'
      : '';
  const kept = bestStep === null ? '' : `\n- Adapter kept: that of step ${bestStep}, the best evaluation`;
  return `- Steps: ${reached} of ${totalSteps}${why}${kept}`;
}

/** "23 (at most 61)" */
const lengths = (tokens: readonly number[]): string =>
  `${Math.round(meanOf(tokens))} (at most ${tokens.reduce((most, count) => Math.max(most, count), 0)})`;

function describeData({
  areSingles,
  given,
  pairs,
  promptTokens,
  chosenTokens,
  rejectedTokens,
  evaluationPairs,
}: DataFacts): string {
  if (chosenTokens === null)
    return `- Data: ${pairs} different prompts of ${given} pairs, answered in training\n- Tokens in the mean: prompt ${lengths(promptTokens)}`;
  const left = given > pairs ? `; ${given - pairs} more could not be trained on` : '';
  const [good, bad] = areSingles ? ['good', 'bad'] : [rejectedTokens === null ? 'answer' : 'chosen', 'rejected'];
  const sides = Object.entries({ prompt: promptTokens, [good]: chosenTokens, [bad]: rejectedTokens ?? [] })
    .filter(([, tokens]) => tokens.length > 0)
    .map(([side, tokens]) => `${side} ${lengths(tokens)}`);
  const held = evaluationPairs === null ? '' : `\n- Evaluation: on ${evaluationPairs} pairs that were not trained on`;
  const what = areSingles ? 'judged answers' : rejectedTokens === null ? 'answers' : 'preference pairs';
  return `- Data: ${pairs} ${what}${left}\n- Tokens in the mean: ${sides.join(', ')}${held}`;
}

/** Metrics as the rows of a table. */
const metricRows = (figures: Partial<StepMetrics> | undefined, isWanted: (key: string) => boolean): string[] =>
  Object.entries(figures ?? {})
    .filter(([key]) => isWanted(key))
    .map(([key, value]) => `| \`${key}\` | ${Number(value).toPrecision(6)} |`);

const isOfEvaluation = (key: string): boolean => key.startsWith('eval_');

/** The evaluation of the adapter's step, or the last one before it. */
function describeEvaluation(metrics: readonly StepMetrics[], step: number | undefined): string {
  const scored = metrics.filter((line) => line.eval_loss !== undefined && line.step <= (step ?? Infinity)).at(-1);
  if (!scored) return '';
  const rows = metricRows(scored, isOfEvaluation);
  return `\n## Evaluation at step ${scored.step}\n\n| metric | value |\n|---|---|\n${rows.join('\n')}\n`;
}

/**
 * The tags that the Hugging Face Hub reads, as PEFT and TRL write them.
 * @param base what the base is called
 * @param isScorer whether it is a reward model
 */
export function frontMatter(base: string, method: string | null, isScorer = false): string {
  const name = yamlLine(base);
  const tags = [`"base_model:adapter:${name.slice(1)}`, ...(method === null ? [] : [method]), 'lora', 'transformers'];
  const lines = [...tags, ...(method === null ? [] : ['trl'])].map((tag) => `- ${tag}\n`);
  return `---
base_model: ${name}
library_name: peft
pipeline_tag: ${isScorer ? 'text-classification' : 'text-generation'}
tags:
${lines.join('')}---
`;
}

/** How an adapter that answers is loaded; `base` is the last part of a path. */
const answeringCode = (base: string): string => `from peft import PeftModel
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained("path/to/${base}")
model = PeftModel.from_pretrained(model, "path/to/this/directory")`;

/** How a reward model is loaded and asked: the padding token says which token is the last, as in training. */
const scoringCode = (base: string): string => `from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("path/to/${base}")
model = AutoModelForSequenceClassification.from_pretrained("path/to/${base}", num_labels=1)
model = PeftModel.from_pretrained(model, "path/to/this/directory")
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
model.config.pad_token_id = tokenizer.pad_token_id
inputs = tokenizer([prompt + answer + tokenizer.eos_token], padding=True, return_tensors="pt")
scores = model(**inputs).logits[:, 0]`;

/** Writes the README.md of an adapter directory, with the tags that the Hugging Face Hub reads. */
export function writeModelCard({ config, result, data, precision, chatTemplate, ...names }: CardFacts): string {
  const baseModel = markdownLine(names.baseModel);
  const ancestors = names.ancestors.map(markdownLine);
  const separateReference = names.separateReference === null ? null : markdownLine(names.separateReference);
  const { method } = config;
  const { bestStep } = result;
  const figures = bestStep === null ? result.metrics.at(-1) : result.metrics.find(({ step }) => step === bestStep);
  const { source, objective } = chooseObjective(config);
  const { reads, usesReference } = objective;
  const parent = ancestors.at(-1);
  const start = parent === undefined ? 'a fresh adapter (B = 0)' : `the adapter ${parent}`;
  const referenceName =
    separateReference !== null ? separateReference : parent !== undefined ? 'that adapter as it was' : 'the base model';
  const reference = usesReference ? `\n- Reference: ${referenceName}` : '';
  const settings = {
    ...config,
    lora_r: result.adapter.r,
    lora_alpha: result.adapter.lora_alpha,
    lora_target_modules: result.adapter.target_modules,
  };
  const written = (value: unknown): string =>
    typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  const rows = Object.entries(settings)
    .filter(([key, value]) => value !== null && isRead(key, method, reads))
    .map(
      ([key, value]) =>
        `| \`${key}\` | ${(Array.isArray(value) ? value.map(String) : [written(value)]).map(markdownLine).join(', ')} |`,
    );
  const final = metricRows(figures, (key) => key !== 'step' && key !== 'epoch' && !isOfEvaluation(key));
  const isScorer = objective.hasScoreHead === true;
  return `${frontMatter(names.baseModel, method, isScorer)}
# ${isScorer ? 'Reward model, a LoRA adapter with a score head,' : 'LoRA adapter'} for ${baseModel}

Trained by ${source} with Airlock, ${heldAs[precision]}.

- Base model: ${baseModel} (load the adapter on exactly this checkpoint)
- Chain: ${[baseModel, ...ancestors, 'this adapter'].join(' -> ')}
- Started from: ${start}${reference}
${describeData(data)}
- Chat template: ${chatTemplate}
${describeSteps(result)}

\`\`\`python
${(isScorer ? scoringCode : answeringCode)(pythonPathPart(names.baseModel))}
\`\`\`

## Settings

| option | value |
|---|---|
${rows.join('\n')}

## ${bestStep === null ? 'Last step' : `Step ${bestStep}, whose adapter this is`}

| metric | value |
|---|---|
${final.join('\n') || '| no figures are known of it | |'}
${describeEvaluation(result.metrics, figures?.step)}`;
}
