/** @file The report on facts whose every word wants to break out of it: nothing runs, nothing is asked of anywhere. */
import { readFileSync } from 'node:fs';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { Demonstration } from '../../../../storage/demonstration-record';
import type { PromptSet } from '../../../../storage/prompt-set-record';
import type { ModelSummary } from '../../../../worker/protocol';
import type { StepMetrics } from '../../../../run/metrics';
import { scoreAnswer } from '../../../plain/starter/score-answer';
import type { Run } from '../../../plain/runs/run';
import { exampleDemonstration, exampleEvents } from '../../../plain/demonstration/example';
import { promptSetComparisons } from '../../../plain/compare/prompt-set/prompt-set';
import { initialColumns } from '../../../plain/compare/columns';
import { textIn } from '../../../text/text';
import { klCurvesOf } from './kl-chart';
import { ticksBetween } from './line-chart';
import { gatherReport, type ReportedRun, type ReportSources } from './report-facts';
import { reportStyle } from './report-style';
import { partOptions } from './reported-runs';
import { WithNames } from './whole-names';
import { writeReport } from './write-report';

const hostile = `"'></title></style></p><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">&lt;\u0000`;

const run = {
  id: 'd',
  name: `dpo ${hostile}`,
  method: 'dpo',
  status: 'finished',
  modelName: hostile,
  modelFingerprint: 'print',
  startedAt: '2026-01-02T03:04:05Z',
  config: { method: 'dpo', loss_type: ['sigmoid'], beta: 0.1, learning_rate: 1e-4, [hostile]: hostile },
  pairs: 90,
  evaluation: { pairs: 10, settings: {} },
  startedFrom: 's',
  steps: 40,
  totalSteps: 40,
  seconds: 61,
  finalLoss: 0.5,
  finalMargin: 1,
  adapterBytes: 1,
  warnings: [hostile],
  error: null,
} as unknown as Run;

const sft = {
  ...run,
  id: 's',
  name: 'sft-1',
  method: 'sft',
  startedFrom: null,
  startedAt: '2026-01-01T03:04:05Z',
  config: { method: 'sft' },
} as unknown as Run;

const metrics = Array.from({ length: 40 }, (_, i): StepMetrics => ({
  step: i + 1,
  epoch: i / 40,
  loss: 0.7 - i / 100,
  grad_norm: 1,
  learning_rate: 1e-4,
  'rewards/margins': i / 40,
  'rewards/accuracies': 1,
  ...(i % 10 === 9 && { eval_loss: 0.6 }),
}));

const promptSet: PromptSet = {
  at: '2026-01-03T00:00:00Z',
  modelName: hostile,
  fingerprint: 'print',
  task: null,
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 'd', name: run.name, strength: 50, role: 'dpo' },
  ],
  against: 0,
  temperatures: [0.7],
  sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 },
  prompts: [hostile, [{ role: hostile, content: hostile }]],
  answered: [
    [
      { text: hostile, isCut: false },
      { text: hostile, isCut: false },
    ],
    [
      { text: '', isCut: false },
      { text: '', isCut: false },
    ],
  ],
  orderSeed: 1,
  judge: 'analyst',
  judgements: [],
  modelJudge: {
    ...{ at: '2026-01-03T01:00:00Z', modelName: hostile, fingerprint: 'print', runId: 'd', runName: hostile },
    ...{ asked: { rubric: hostile }, bound: 0.6 },
    verdicts: [{ choice: 'tie', preference: 0.5, ordersAgree: false, first: 0.7, letterMass: 0.9, cut: 3 }],
  },
};

/** Twenty prompts on which the adapter wins by a model, and by the analyst on so many. */
function judgedByModel(ours: number): PromptSet {
  const prompts = Array.from({ length: 20 }, (_, at) => `prompt ${at}`);
  const answer = (text: string) => ({ text, isCut: false });
  const answered = prompts.map((prompt) => [answer(`${prompt} base`), answer(`${prompt} ours`)]);
  const open: PromptSet = { ...promptSet, prompts, answered, judge: 'model', judgements: [], modelJudge: null };
  const sides = (count: number) =>
    promptSetComparisons(open).map(({ a }, at): 'a' | 'b' => ((a.voice === 1) === at < count ? 'a' : 'b'));
  const verdict = { preference: 0.9, ordersAgree: true, first: 0.5, letterMass: 1, cut: 0 };
  return {
    ...open,
    judgements: sides(ours).map((side) => ({ verdict: side, at: '' })),
    modelJudge: { ...promptSet.modelJudge!, verdicts: sides(20).map((choice) => ({ ...verdict, choice })) },
  };
}

/** An audience that preferred the adapter on the first prompt, and could not choose on the second. */
const voted: Demonstration = {
  ...exampleDemonstration,
  fingerprint: 'print',
  columns: exampleDemonstration.columns.map((column, index) => (index === 0 ? column : { ...column, name: hostile })),
  judgements: exampleEvents([[0, 2], [0, 2], [0, 0], [0], [1, 0], [1, 2], [1]]),
};

const sources = {
  model: {
    summary: {
      name: hostile,
      fingerprint: 'print',
      architecture: hostile,
      parameters: 1e6,
      dtype: hostile,
    } as ModelSummary,
  },
  compare: {
    columns: initialColumns,
    asked: { prompt: hostile, options: { temperature: 0, maxNewTokens: 1, topK: 0, topP: 1, seed: 0 } },
    answers: {
      'column-1': { run: null, strength: 100, text: hostile },
      'column-3': { run, strength: 50, text: hostile },
    },
    scores: {
      policy: { run: 'x', strength: 100 },
      reference: null,
      isStandIn: false,
      beta: 0.1,
      answers: { 'column-3': [{ text: 'a', isSpecial: false, logp: -1, reference: -3 }] },
    },
  },
  library: { runs: [run, sft], metrics: { d: metrics } },
  dataset: { rows: [{ pair: { prompt: hostile, chosen: 'c', rejected: 'r' }, file: hostile, row: 1 }], split: null },
  promptSet: { round: promptSet },
  demonstration: { round: voted },
} as unknown as ReportSources;

const given = { title: hostile, remarks: hostile, at: '2026-01-04T00:00:00Z', score: scoreAnswer, deletedRun: hostile };

const allowedTags = [
  'html',
  'head',
  'meta',
  'title',
  'style',
  'body',
  'main',
  'h1',
  'h2',
  'h3',
  'p',
  'code',
  'strong',
  'ul',
  'li',
  'table',
  'caption',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'div',
  'span',
  'figure',
  'figcaption',
  'svg',
  'g',
  'line',
  'path',
  'text',
  'circle',
  'rect',
  'polygon',
  'footer',
];

it.each(['en', 'ko'] as const)('escapes everything that comes from data, in %s', async (language) => {
  const facts = gatherReport(sources, given);
  if (facts === null) throw new Error('There is something to report.');
  const html = await writeReport({ facts, text: textIn(language), language });
  expect(html.startsWith('<!doctype html>')).toBe(true);
  const [, style = '', ...others] = html.split(/<style>|<\/style>/);
  expect(others).toHaveLength(1);
  expect(style).not.toMatch(/url\(|@import|<|expression/i);
  for (const [, name = '', attributes = ''] of html.matchAll(
    /<\/?([a-z][a-z0-9]*)((?:\s+[^\s"'>=/]+(?:="[^"]*")?)*)\s*\/?>/gi,
  )) {
    expect(allowedTags).toContain(name.toLowerCase());
    for (const [, attribute = ''] of attributes.matchAll(/\s([^\s"'>=/]+)(?:="[^"]*")?/g))
      expect(attribute).not.toMatch(/^on|^(src|href|srcset|style|action|data|xlink.*)$/i);
  }
  // Whatever is left when tags are taken away has no bracket of its own.
  expect(others[0]?.replace(/<\/?[a-z][a-z0-9]*(?:\s+[^\s"'>=/]+(?:="[^"]*")?)*\s*\/?>/gi, '')).not.toMatch(/[<>]/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

it('tells what was trained on what, the figures behind it, and how sure they are', async () => {
  const facts = gatherReport(sources, given);
  if (facts === null) throw new Error('There is something to report.');
  expect(facts.runs.map(({ run: { id }, chain }) => [id, chain.length])).toEqual([
    ['s', 2],
    ['d', 3],
  ]);
  expect(facts.runs[1]?.reference).toBe('sft-1');
  expect(facts.prompts.map(({ answers }) => answers.length)).toEqual([2, 2, 2]);
  expect(facts.prompts[0]?.answers[1]?.reward).toBeCloseTo(0.2, 12);
  // Both pairs of answers are equal: two ties.
  expect(facts.promptSet?.rates[0]?.rate).toMatchObject({ wins: 0, ties: 2, losses: 0, mean: 0.5 });
  const html = await writeReport({ facts, text: textIn('en'), language: 'en' });
  for (const words of [
    'print',
    '>90</td>',
    '>10</td>',
    '1 preference pair',
    'implicit reward +0.2',
    'Undecided whether',
    'of 2 prompts',
    '>evaluation<',
    'sft-1: no curve is kept here.',
  ]) {
    expect(html).toContain(words);
  }
  // What management reads stands before the details, which begin a page of their own.
  const [summary = '', details = ''] = html.split('class="details"');
  for (const words of ['class="headline"', '50% (9% to 91%)', 'wins against', '<svg']) expect(summary).toContain(words);
  expect(summary).not.toContain('learning_rate');
  expect(details).toContain('learning_rate');
});

const plain = (id: string, config: object): ReportedRun => ({
  run: { ...run, id, name: `dpo-${id}`, config: { ...run.config, ...config }, method: 'dpo' } as unknown as Run,
  chain: [],
  reference: null,
  metrics: [],
});

it('parts the options that all runs share from those in which they differ', () => {
  const { shared, differing } = partOptions([
    plain('1', { beta: 0.1, seed: 4 }),
    plain('2', { beta: 0.3, lora_r: 8, seed: 4 }),
  ]);
  expect(differing).toEqual([
    ['beta', [0.1, 0.3]],
    ['lora_r', [undefined, 8]],
  ]);
  expect(shared.map(([key]) => key)).toEqual(['method', 'loss_type', 'learning_rate', hostile, 'seed', 'precision']);
  expect(partOptions([plain('1', {})]).differing).toEqual([]);
});

it('draws reward against KL from the evaluations that measured both', async () => {
  const measured = (kl: number, margin: number): StepMetrics =>
    ({
      step: 10 * kl,
      epoch: 1,
      loss: 1,
      grad_norm: 1,
      learning_rate: 1,
      eval_kl: kl,
      'eval_rewards/margins': margin,
    }) as StepMetrics;
  const first = { ...plain('1', {}), metrics: [...metrics, measured(0.5, 0.2), measured(2, 0.9)] };
  const second = { ...plain('2', {}), metrics: [measured(1, 0.4)] };
  expect(klCurvesOf([first, second, plain('3', {})])).toEqual([
    {
      name: 'dpo-1',
      colour: 'dpo',
      points: [
        { step: 5, kl: 0.5, margin: 0.2 },
        { step: 20, kl: 2, margin: 0.9 },
      ],
    },
    { name: 'dpo-2', colour: 'spare-1', points: [{ step: 10, kl: 1, margin: 0.4 }] },
  ]);
  const facts = gatherReport(
    {
      ...sources,
      library: { ...sources.library, metrics: { d: first.metrics } },
      promptSet: { round: null },
    } as unknown as ReportSources,
    given,
  );
  if (facts === null) throw new Error('There is something to report.');
  const html = await writeReport({ facts, text: textIn('en'), language: 'en' });
  // Where nothing was judged, it is the first page's chart.
  expect(html.split('class="details"').map((part) => part.split('aria-label="Reward against KL"').length - 1)).toEqual([
    1, 1,
  ]);
});

it('tells how well a model judges beside its win rates, and has none of one that is refused', async () => {
  const of = (round: PromptSet) =>
    gatherReport({ ...sources, promptSet: { round } } as unknown as ReportSources, given);
  const facts = of(judgedByModel(15));
  if (facts === null) throw new Error('There is something to report.');
  expect(facts.promptSet?.rates[0]?.rate).toMatchObject({ wins: 20, mean: 1 });
  const html = await writeReport({ facts, text: textIn('en'), language: 'en' });
  for (const words of [
    'judged by a language model',
    'Accepted: it agrees',
    '75% (53% to 89%), 15 of 20',
    'tend to like',
  ])
    expect(html).toContain(words);
  // Whoever reads the first page alone reads it too.
  expect(html.split('class="details"')[0]).toContain('it agrees with 75% of 20 blind judgements of a person');
  expect(of(judgedByModel(11))?.promptSet).toBeNull();
  // Beside the analyst's own win rates it is told that a model was asked, and that it does not count.
  const own = of({ ...judgedByModel(11), judge: 'analyst' });
  if (own === null) throw new Error('There is something to report.');
  const told = await writeReport({ facts: own, text: textIn('en'), language: 'en' });
  for (const words of ['judged blind by a person', 'Refused: it agrees with 55% of the blind judgements'])
    expect(told).toContain(words);
});

it('keeps names whole in sentences, whatever they consist of', () => {
  const said = renderToStaticMarkup(
    createElement(WithNames, {
      names: ['dpo-1', 'a.b', '', 'x'.repeat(40)],
      children: `dpo-1 is better than a.b, not axb, nor ${'x'.repeat(40)}.`,
    }),
  );
  expect(said).toBe(
    `<span class="whole">dpo-1</span> is better than <span class="whole">a.b</span>, not axb, nor ${'x'.repeat(40)}.`,
  );
});

it('prints in the colours that the studio has in light', () => {
  const tokens = readFileSync('src/studio/styles/tokens.css', 'utf8');
  const printed = [...reportStyle.matchAll(/\.series-([\w-]+) \{ color: (#\w+)/g)];
  expect(printed.length).toBe(9);
  for (const [, name = '', colour = ''] of printed)
    expect(tokens).toContain(`--series-${name}: light-dark(${colour}, `);
});

it('leaves out a prompt set that is still judged, or is of another model, and what is not there', async () => {
  const open = {
    ...sources,
    promptSet: {
      round: {
        ...promptSet,
        answered: [
          [
            { text: 'a', isCut: false },
            { text: 'b', isCut: false },
          ],
        ],
      },
    },
  } as unknown as ReportSources;
  const facts = gatherReport(open, given);
  expect(facts?.promptSet).toBeNull();
  expect(facts?.prompts).toHaveLength(1);
  const other = {
    ...sources,
    promptSet: { round: { ...promptSet, fingerprint: 'another' } },
  } as unknown as ReportSources;
  expect(gatherReport(other, given)?.promptSet).toBeNull();
  const nothing = {
    ...sources,
    model: { summary: null },
    promptSet: { round: null },
    demonstration: { round: null },
  } as unknown as ReportSources;
  expect(gatherReport(nothing, given)).toBeNull();
});

it('has the blind votes of an audience, with win rates and intervals, also without a prompt set or a model', async () => {
  const alone = { ...sources, promptSet: { round: null }, model: { summary: null } } as unknown as ReportSources;
  const facts = gatherReport(alone, given);
  if (facts === null) throw new Error('There is something to report.');
  expect(facts).toMatchObject({ demonstration: voted, model: { fingerprint: 'print' } });
  const html = await writeReport({ facts, text: textIn('en'), language: 'en' });
  const [summary = '', details = ''] = html.split('class="details"');
  expect(summary).toContain('voted blind on 2 prompts');
  expect(details).toContain('<h2>What an audience preferred, by blind votes</h2>');
  expect(details).toContain('5 votes on 2 prompts');
  // One prompt won and one tied, as Wilson has it: 75 % of 2.
  expect(details).toContain('<td class="num">1 / 1 / 0</td><td class="num">75% (');
  const of = (round: unknown) => gatherReport({ ...sources, demonstration: { round } } as ReportSources, given);
  expect(of({ ...voted, fingerprint: 'another' })?.demonstration).toBeNull();
  expect(
    of({ ...voted, judgements: voted.judgements.filter(({ column }) => column !== null) })?.demonstration,
  ).toBeNull();
});

it('puts round numbers beside an axis', () => {
  expect(ticksBetween(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(ticksBetween(-0.13, 0.31).map((tick) => Number(tick.toFixed(6)))).toEqual([0, 0.2]);
  expect(ticksBetween(3, 3)).toEqual([3]);
});
