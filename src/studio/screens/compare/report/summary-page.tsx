/**
 * @file The report's first page, for management: the verdict as a headline, what is behind it in two or three
 * sentences, one chart, the best and the worst example. No hooks.
 */
import { formatDate } from '../../../text/format';
import type { Text } from '../../../text/text';
import { roleColours } from '../../../plain/roles';
import { textOfPrompt } from '../../../plain/data/prompt-text';
import type { PairingExample } from '../../../plain/compare/prompt-set/verdict';
import { nameOfAnswerer } from '../use-column-name';
import { agreementWithAnalyst } from '../../../plain/compare/prompt-set/model-judge';
import { columnColours } from '../../../plain/compare/prompt-set/prompt-set';
import { promptSetColumnName } from '../prompt-set/win-rates';
import { tellJudge } from '../prompt-set/judge-measures';
import { verdictFigures, verdictSentence } from '../prompt-set/verdicts';
import { KlChart, klCurvesOf } from './kl-chart';
import { RateBars } from './rate-bars';
import type { ReportedPrompt, ReportFacts } from './report-facts';
import { methodTitle, RunCurves } from './reported-runs';
import { votedNames, votedSentences } from './reported-votes';
import { WithNames } from './whole-names';

/** An example stays so short that two of them fit beside each other on the page. */
const mostLetters = 320;

function shorten(text: string): string {
  const letters = Array.from(text.trim());
  return letters.length <= mostLetters ? text.trim() : `${letters.slice(0, mostLetters).join('').trimEnd()} …`;
}

interface ShownAnswer {
  readonly name: string;
  readonly colour: string;
  readonly text: string;
}

interface ExampleProps {
  readonly title: string;
  readonly prompt: string;
  readonly answers: readonly ShownAnswer[];
  readonly text: Text;
}

function Example({ title, prompt, answers, text }: ExampleProps) {
  return (
    <div className="example">
      <h2>{title}</h2>
      <p className="asked">{shorten(prompt)}</p>
      {answers.map(({ name, colour, text: words }, index) => (
        <p key={index} className="said">
          <span className={`who series-${colour}`}>{name}</span>{' '}
          {words.trim() === '' ? text.judge.compare.nothing : shorten(words)}
        </p>
      ))}
    </div>
  );
}

type Reported = NonNullable<ReportFacts['promptSet']>;

function JudgedExample({
  example,
  title,
  reported: { promptSet },
  text,
}: {
  readonly example: PairingExample;
  readonly title: string;
  readonly reported: Reported;
  readonly text: Text;
}) {
  const colours = columnColours(promptSet);
  const answers = example.answers.map(({ text: words }, column) => ({
    name: promptSetColumnName(promptSet, column, text.compare),
    colour: colours[column] ?? 'base',
    text: words,
  }));
  return (
    <Example title={title} prompt={textOfPrompt(example.prompt, text.common.roles)} answers={answers} text={text} />
  );
}

function JudgedExamples({ reported, text }: { readonly reported: Reported; readonly text: Text }) {
  const { promptSet, verdicts, best, worst } = reported;
  const [first] = verdicts;
  if (first === undefined) return null;
  const nameOf = (column: number) => promptSetColumnName(promptSet, column, text.compare);
  const names = [nameOf(first.column), nameOf(first.against)] as const;
  const kinds = [
    { example: best, title: text.promptSet.best, none: text.promptSet.noBest },
    { example: worst, title: text.promptSet.worst, none: text.promptSet.noWorst },
  ];
  return (
    <div className="examples">
      {kinds.map(({ example, title, none }) =>
        example === null ? (
          <p key={title(...names)} className="quiet">
            {none(...names)}
          </p>
        ) : (
          <JudgedExample
            key={title(...names)}
            example={example}
            title={title(...names)}
            reported={reported}
            text={text}
          />
        ),
      )}
    </div>
  );
}

/** Where nothing was judged, the prompt that stands on the screen is the example. */
function AskedExample({ prompt: { prompt, answers }, text }: { readonly prompt: ReportedPrompt; readonly text: Text }) {
  const colours = roleColours(answers.map(({ role }) => role));
  const shown = answers.map(({ run, strength, text: words }, index) => ({
    name: nameOfAnswerer(run === null ? null : { name: run }, strength, text.compare),
    colour: colours[index] ?? 'base',
    text: words,
  }));
  return (
    <Example title={text.report.example} prompt={textOfPrompt(prompt, text.common.roles)} answers={shown} text={text} />
  );
}

/** How many verdicts are told beside the headline; the chart has all. */
const mostOthers = 2;

/** Names that a sentence of the page may hold. */
function namesIn({ promptSet, runs, model, demonstration }: ReportFacts, text: Text): readonly string[] {
  const columns = promptSet?.promptSet.columns.map((_, index) =>
    promptSetColumnName(promptSet.promptSet, index, text.compare),
  );
  const voted = demonstration === null ? [] : votedNames(demonstration, text);
  return [model.name, ...runs.map(({ run }) => run.name), ...(columns ?? []), ...voted];
}

/** By what, on what and from what the run of the headline was trained; without a headline, the newest run. */
function trainedSentence({ runs, model, promptSet }: ReportFacts, { report, common }: Text): string {
  const column = promptSet?.verdicts[0]?.column;
  const runId = column === undefined ? undefined : promptSet?.promptSet.columns[column]?.runId;
  const told = runs.find(({ run }) => run.id === runId) ?? runs.at(-1);
  if (told === undefined) return report.noRuns;
  const method = methodTitle(told.run, report.unknownLoss, common.methodUnknown);
  const from = told.chain.slice(0, -1).join(' → ') || model.name;
  return report.trained(told.run.name, method, told.run.pairs, from);
}

/** The headline and the sentences after it. */
function storyOf(facts: ReportFacts, text: Text): readonly [headline: string, ...sentences: string[]] {
  const [first, ...others] = facts.promptSet?.verdicts ?? [];
  const trained = trainedSentence(facts, text);
  const voted = facts.demonstration === null ? null : votedSentences(facts.demonstration, text);
  if (facts.promptSet === null || first === undefined)
    return voted === null ? [text.report.notJudged, text.report.noPromptSet, trained] : [...voted, trained];
  const { promptSet } = facts.promptSet;
  const { judge, modelJudge } = promptSet;
  const rest = others.slice(0, mostOthers).map((other) => verdictSentence(promptSet, other, text));
  return [
    verdictSentence(promptSet, first, text),
    verdictFigures(first, text),
    ...(judge === 'model' && modelJudge !== null
      ? [tellJudge(modelJudge, agreementWithAnalyst(promptSet, modelJudge), text.modelJudge)]
      : []),
    ...rest,
    ...(voted?.slice(1) ?? []),
    trained,
  ];
}

function Story({ facts, text }: { readonly facts: ReportFacts; readonly text: Text }) {
  const [headline, ...sentences] = storyOf(facts, text);
  const names = namesIn(facts, text);
  return (
    <>
      <p className="headline">
        <WithNames names={names}>{headline}</WithNames>
      </p>
      <p>
        <WithNames names={names}>{sentences.join(' ')}</WithNames>
      </p>
    </>
  );
}

/** One chart: the win rates; where nothing was judged, reward against KL, or else the newest run's curves. */
function MainChart({ facts: { promptSet, runs }, text }: { readonly facts: ReportFacts; readonly text: Text }) {
  if (promptSet !== null) return <RateBars reported={promptSet} text={text} />;
  const curves = klCurvesOf(runs);
  if (curves.some(({ points }) => points.length > 1)) return <KlChart curves={curves} text={text} />;
  const newest = runs.at(-1);
  return newest === undefined ? null : <RunCurves run={newest} text={text} most={2} />;
}

export interface SummaryPageProps {
  readonly facts: ReportFacts;
  readonly heading: string;
  readonly text: Text;
}

export function SummaryPage({ facts, heading, text }: SummaryPageProps) {
  const { at, remarks, promptSet, prompts } = facts;
  const [asked] = prompts;
  return (
    <div className="summary">
      <h1>{heading}</h1>
      <p className="quiet">{text.report.madeOn(formatDate(at))}</p>
      <Story facts={facts} text={text} />
      {remarks.trim() !== '' && <p className="remarks">{remarks.trim()}</p>}
      <MainChart facts={facts} text={text} />
      {promptSet !== null ? (
        <JudgedExamples reported={promptSet} text={text} />
      ) : (
        asked !== undefined && <AskedExample prompt={asked} text={text} />
      )}
    </div>
  );
}
