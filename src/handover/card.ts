/**
 * @file The card that an exported adapter has: the one that it was trained with, or a short one for an adapter made
 * elsewhere, and below it what is known at the time of the export: the base's files by their hashes, the data by
 * theirs, and what was measured since, win rates with their intervals.
 */
import { markdownLine } from '../core/markdown-line';
import type { MeasuredResult } from '../run/hand-over';
import { frontMatter } from '../training/model-card';
import type { Provenance } from './provenance';

/** Where what the export adds begins; a card that was exported before loses it and gets it anew. */
const heading = '## What it was made of';

const shown = (value: number): string => String(Number(value.toPrecision(4)));

function resultRow({ metric, value, interval, on }: MeasuredResult): string {
  const range = interval === null ? '' : `${shown(interval.low)} to ${shown(interval.high)}`;
  return `| ${markdownLine(metric)} | ${shown(value)} | ${range} | ${markdownLine(on)} |\n`;
}

/** The results as a section; none where nothing was measured. */
function resultsOf({ results }: Provenance): string {
  if (results.length === 0) return '';
  return `\n## Results\n\n| what | value | 95 % interval | on |\n|---|---|---|---|\n${results.map(resultRow).join('')}`;
}

/**
 * Completes the card of an adapter.
 * @param card the README.md that lies beside it; null where there is none
 */
export function completeCard(card: string | null, provenance: Provenance): string {
  const { base, run, airlockVersion, madeAt } = provenance;
  const name = markdownLine(base.name);
  const own = card ?? `${frontMatter(base.name, null)}\n# LoRA adapter for ${name}\n`;
  const [before = ''] = own.split(`\n${heading}\n`);
  const files = base.files.map(({ path, sha256 }) => `| \`${path}\` | \`${sha256}\` |\n`);
  const data =
    run?.dataSha256 == null ? '' : `- Training data: SHA-256 \`${run.dataSha256}\` (as TRL's rows, JSON Lines)\n`;
  const licence = base.licence === null ? '' : `- Licence of the base, by its card: ${markdownLine(base.licence)}\n`;
  return `${before.trimEnd()}

${heading}

- Base: ${name}, fingerprint \`${base.fingerprint}\`
${licence}${data}- Exported by Airlock ${markdownLine(airlockVersion)} on ${madeAt.toISOString().slice(0, 10)}

| file of the base | SHA-256 |
|---|---|
${files.join('')}${resultsOf(provenance)}`;
}
