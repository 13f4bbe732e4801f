/**
 * @file The report as one HTML document, for management: what was trained on what, the curves, the win rates, the
 * answers. Rendered to a string, so no hook; React escapes every text and attribute.
 */
import {
  formatDate,
  formatDuration,
  formatMetric,
  formatParameters,
  formatShare,
  formatSigned,
} from '../../../text/format';
import type { Language } from '../../../text/preferences';
import type { Text } from '../../../text/text';
import { precisionOfRun } from '../../../plain/runs/run';
import { isLossName, losses } from '../../../plain/train/losses';
import { linesOf, meanWindow, plotsOf, type PlotId } from '../../../plain/train/metric-plots';
import { trialColumnName } from '../trial/win-rates';
import { SeriesMark, WinRateChart } from '../trial/win-rate-chart';
import { challengers, countCells } from '../../../plain/compare/trial/trial';
import { nameOfAnswerer } from '../use-column-name';
import { LineChart, type Line } from './line-chart';
import { leaning, type ReportedPrompt, type ReportedRun, type ReportFacts } from './report-facts';
import { reportStyle } from './report-style';

/** What says most of a run, of the charts that it has. */
const shownPlots: readonly PlotId[] = ['loss', 'otherLoss', 'sftLoss', 'margin', 'accuracy', 'chosenLogps'];

/** In a shorter run the mean would say little. */
const stepsForMean = 3 * meanWindow;

/** Of the moving average drawn over the values. */
const smoothing = 0.9;

function show(value: unknown, none: string): string {
  return Array.isArray(value) ? value.join(', ') : value === null ? none : String(value);
}

function methodOf({ method, config }: ReportedRun['run']): string {
  const [loss] = config.loss_type ?? ['sigmoid'];
  return method === 'sft' ? 'SFT' : isLossName(loss) ? losses[loss].title : 'DPO';
}

function RunsTable({
  facts: { runs },
  text: { report, common },
}: {
  readonly facts: ReportFacts;
  readonly text: Text;
}) {
  return (
    <table>
      <thead>
        <tr>
          {[
            report.run,
            report.method,
            report.chain,
            report.reference,
            report.data,
            report.steps,
            report.time,
            report.lastLoss,
          ].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map(({ run, chain, reference }) => (
          <tr key={run.id}>
            <th scope="row">{run.name}</th>
            <td>{methodOf(run)}</td>
            <td>{chain.join(' → ')}</td>
            <td>{run.method === 'sft' ? common.none : (reference ?? run.modelName)}</td>
            <td>{report.pairsOf(run.pairs, run.evaluation?.pairs ?? 0)}</td>
            <td>{common.ofTotal(run.steps, run.totalSteps)}</td>
            <td>{`${formatDate(run.startedAt)}, ${formatDuration(run.seconds)}`}</td>
            <td>{run.finalLoss === null ? common.unknown : formatMetric(run.finalLoss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Option = readonly [key: string, value: unknown];

/** The options that all runs share, and those of each run that differ. */
function sharedOptions(runs: readonly ReportedRun[]): {
  readonly shared: readonly Option[];
  readonly own: readonly (readonly Option[])[];
} {
  const all = runs.map(({ run }): readonly Option[] =>
    Object.entries({ ...run.config, precision: precisionOfRun(run) }),
  );
  const isShared = ([key, value]: Option) =>
    runs.length > 1 &&
    all.every((options) =>
      options.some(([name, other]) => name === key && JSON.stringify(other) === JSON.stringify(value)),
    );
  return {
    shared: (all[0] ?? []).filter(isShared),
    own: all.map((options) => options.filter((option) => !isShared(option))),
  };
}

function Options({
  title,
  options,
  none,
}: {
  readonly title: string;
  readonly options: readonly Option[];
  readonly none: string;
}) {
  if (options.length === 0) return null;
  return (
    <p>
      <span className="quiet">{title}</span>{' '}
      {options.map(([key, value]) => (
        <code key={key} className="option">{`${key} ${show(value, none)}`}</code>
      ))}
    </p>
  );
}

function Curves({
  run: { run, metrics },
  text: { report, train },
}: {
  readonly run: ReportedRun;
  readonly text: Text;
}) {
  const withMean = metrics.length > stepsForMean;
  const plots = plotsOf(run.config, metrics).filter(({ id }) => shownPlots.includes(id));
  if (metrics.length < 2 || plots.length === 0) return <p className="quiet">{report.noCurves(run.name)}</p>;
  return (
    <>
      <p className="quiet">{report.curvesOf(run.name)}</p>
      <div className="charts">
        {plots.map((plot) => {
          const lines = linesOf(plot, metrics, withMean ? smoothing : 0, train.evaluationSeries).lines.map(
            ({ id, colour, isDashed, values, smooth }): Line => ({
              name: isDashed ? train.evaluationSeries : id,
              colour,
              isDashed,
              values,
              mean: smooth,
            }),
          );
          const { title } = train.plots[plot.id];
          return (
            <LineChart
              key={plot.id}
              title={title}
              label={`${run.name}: ${title}`}
              steps={metrics.map(({ step }) => step)}
              lines={lines}
              range={plot.range}
              reference={plot.reference}
            />
          );
        })}
      </div>
    </>
  );
}

function Verdicts({ facts: { trial }, text }: { readonly facts: ReportFacts; readonly text: Text }) {
  if (trial === null) return <p>{text.report.noTrial}</p>;
  const { trial: record, rates } = trial;
  const reference = trialColumnName(record, record.against, text.compare);
  return (
    <ul>
      {rates.map(({ column, temperature, rate }) =>
        rate === null ? null : (
          <li key={`${column} ${temperature}`}>
            {text.report.verdict(
              trialColumnName(record, column, text.compare),
              reference,
              String(temperature),
              text.trial.interval(
                formatShare(rate.mean),
                formatShare(rate.interval.low),
                formatShare(rate.interval.high),
              ),
              rate.wins + rate.ties + rate.losses,
            )}{' '}
            <strong>{text.report.leaning[leaning(rate.interval)]}</strong>
          </li>
        ),
      )}
    </ul>
  );
}

function Rates({ facts: { trial }, text }: { readonly facts: ReportFacts; readonly text: Text }) {
  if (trial === null) return null;
  const { trial: record, rates, scores } = trial;
  const reference = trialColumnName(record, record.against, text.compare);
  const missing = (countCells(record) - record.answered.length) * record.columns.length;
  const series = challengers(record).map((column) => ({
    name: trialColumnName(record, column, text.compare),
    points: rates.flatMap(({ column: of, temperature, rate }) =>
      of !== column || rate === null
        ? []
        : [{ temperature, mean: rate.mean, low: rate.interval.low, high: rate.interval.high }],
    ),
  }));
  return (
    <>
      <h2>{text.trial.caption(reference)}</h2>
      <p className="quiet">
        {text.report.setFacts(record.prompts.length, record.judge === 'scorer', formatDate(record.at))}{' '}
        {missing > 0 && `${text.trial.unanswered(missing)} `}
        <code>{`max_new_tokens ${record.sampling.maxNewTokens} · top_k ${record.sampling.topK} · top_p ${record.sampling.topP} · seed ${record.sampling.seed}`}</code>
      </p>
      <div className="rates">
        <WinRateChart
          label={text.trial.chart(reference)}
          axis={text.trial.temperature}
          temperatures={record.temperatures}
          series={series}
        />
        <table>
          <thead>
            <tr>
              <th scope="col">{text.trial.column}</th>
              {record.temperatures.map((temperature) => (
                <th key={temperature} scope="col">{`${text.trial.temperature} ${temperature}`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {challengers(record).map((column, at) => (
              <tr key={column}>
                <th scope="row">
                  <SeriesMark series={at} /> {trialColumnName(record, column, text.compare)}
                </th>
                {rates
                  .filter((rate) => rate.column === column)
                  .map(({ temperature, rate }, index) => (
                    <td key={temperature}>
                      {rate === null
                        ? text.trial.notJudged
                        : text.trial.interval(
                            formatShare(rate.mean),
                            formatShare(rate.interval.low),
                            formatShare(rate.interval.high),
                          )}
                      {rate !== null && (
                        <div className="quiet">{text.report.counts(rate.wins, rate.ties, rate.losses)}</div>
                      )}
                      {scores !== null && (
                        <div className="quiet">
                          {text.report.scores(
                            (scores[column]?.[index] ?? NaN).toFixed(2),
                            (scores[record.against]?.[index] ?? NaN).toFixed(2),
                          )}
                        </div>
                      )}
                    </td>
                  ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">{text.trial.intervalNote}</p>
    </>
  );
}

function headingsOf({ answers }: ReportedPrompt, text: Text): readonly string[] {
  return answers.map(({ run, strength, reward }) => {
    const name = nameOfAnswerer(run === null ? null : { name: run }, strength, text.compare);
    return reward === null ? name : `${name} · ${text.report.reward(formatSigned(reward))}`;
  });
}

/** Prompts that follow one another and whose answers have the same headings share a table. */
function groupByHeadings(
  prompts: readonly ReportedPrompt[],
  text: Text,
): readonly { readonly headings: readonly string[]; readonly prompts: readonly ReportedPrompt[] }[] {
  const groups: { headings: readonly string[]; prompts: ReportedPrompt[] }[] = [];
  for (const prompt of prompts) {
    const headings = headingsOf(prompt, text);
    const last = groups.at(-1);
    if (last !== undefined && last.headings.join('\n') === headings.join('\n')) last.prompts.push(prompt);
    else groups.push({ headings, prompts: [prompt] });
  }
  return groups;
}

function Answers({ prompts, text }: { readonly prompts: readonly ReportedPrompt[]; readonly text: Text }) {
  return groupByHeadings(prompts, text).map(({ headings, prompts: asked }, index) => (
    <table key={index} className="answers">
      <thead>
        <tr>
          {headings.map((heading, column) => (
            <th key={column} scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      {asked.map(({ prompt, temperature, answers }, at) => (
        <tbody key={at}>
          <tr>
            <th scope="rowgroup" colSpan={headings.length} className="asked">
              {text.report.promptAt(prompt, String(temperature))}
            </th>
          </tr>
          <tr>
            {answers.map(({ text: words }, column) => (
              <td key={column} className="answer">
                {words.trim() === '' ? text.judge.compare.nothing : words.trim()}
              </td>
            ))}
          </tr>
        </tbody>
      ))}
    </table>
  ));
}

export interface ReportDocumentProps {
  readonly facts: ReportFacts;
  readonly text: Text;
  readonly language: Language;
}

export function ReportDocument({ facts, text, language }: ReportDocumentProps) {
  const { at, title, remarks, model, runs, data, prompts } = facts;
  const { report } = text;
  const options = sharedOptions(runs);
  const heading = title.trim() === '' ? report.heading(model.name) : title.trim();
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width" />
        <title>{heading}</title>
        <style dangerouslySetInnerHTML={{ __html: reportStyle }} />
      </head>
      <body>
        <main>
          <h1>{heading}</h1>
          <p className="quiet">{report.madeOn(formatDate(at))}</p>
          {remarks.trim() !== '' && <p className="remarks">{remarks.trim()}</p>}
          <Verdicts facts={facts} text={text} />
          <h2>{report.what}</h2>
          <p>
            {report.model(model.name)}
            {model.summary !== null &&
              ` (${report.modelFacts(model.summary.architecture, formatParameters(model.summary.parameters), model.summary.dtype)})`}{' '}
            · {report.hash} <code>{model.fingerprint}</code>
          </p>
          {data.pairs > 0 && <p>{report.dataset(data.pairs, data.train, data.evaluation, data.files.join(', '))}</p>}
          {runs.length === 0 ? <p>{report.noRuns}</p> : <RunsTable facts={facts} text={text} />}
          <Options title={report.optionsOfAll} options={options.shared} none={text.common.none} />
          {runs.map(({ run }, index) => (
            <Options
              key={run.id}
              title={report.optionsOf(run.name)}
              options={options.own[index] ?? []}
              none={text.common.none}
            />
          ))}
          {runs.length > 0 && <h2>{report.curves}</h2>}
          {runs.map((run) => (
            <Curves key={run.run.id} run={run} text={text} />
          ))}
          <Rates facts={facts} text={text} />
          {prompts.length > 0 && <h2>{report.answers}</h2>}
          <Answers prompts={prompts} text={text} />
        </main>
        <footer>{report.footer}</footer>
      </body>
    </html>
  );
}
