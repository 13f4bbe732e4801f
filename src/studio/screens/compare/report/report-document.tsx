/**
 * @file The report as one HTML document: a first page for management, then the details: what was trained on what, the
 * curves, the win rates, the answers. Rendered to a string, so no hook; React escapes every text and attribute.
 */
import { formatParameters } from '../../../text/format';
import type { Language } from '../../../text/preferences';
import type { Text } from '../../../text/text';
import { KlChart, klCurvesOf } from './kl-chart';
import type { ReportFacts } from './report-facts';
import { reportStyle } from './report-style';
import { ReportedAnswers } from './reported-answers';
import { ReportedRates } from './reported-rates';
import { ReportedVotes } from './reported-votes';
import { SummaryPage } from './summary-page';
import { RunCurves, RunOptions, RunsTable } from './reported-runs';

function ModelAndData({
  facts: { model, data },
  text: { report },
}: {
  readonly facts: ReportFacts;
  readonly text: Text;
}) {
  return (
    <>
      <p>
        {report.model(model.name)}
        {model.summary !== null &&
          ` (${report.modelFacts(model.summary.architecture, formatParameters(model.summary.parameters), model.summary.dtype)})`}{' '}
        · {report.hash} <code>{model.fingerprint}</code>
      </p>
      {data.pairs > 0 && <p>{report.dataset(data.pairs, data.train, data.evaluation, data.files.join(', '))}</p>}
    </>
  );
}

export interface ReportDocumentProps {
  readonly facts: ReportFacts;
  readonly text: Text;
  readonly language: Language;
}

export function ReportDocument({ facts, text, language }: ReportDocumentProps) {
  const { title, model, runs, prompts, promptSet, demonstration } = facts;
  const curves = klCurvesOf(runs);
  const { report } = text;
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
          <SummaryPage facts={facts} heading={heading} text={text} />
          <h2 className="details">{report.what}</h2>
          <ModelAndData facts={facts} text={text} />
          {runs.length === 0 ? <p>{report.noRuns}</p> : <RunsTable runs={runs} text={text} />}
          <RunOptions runs={runs} text={text} />
          {runs.length > 0 && <h2>{report.curves}</h2>}
          {runs.map((run) => (
            <RunCurves key={run.run.id} run={run} text={text} />
          ))}
          {curves.length > 0 && <KlChart curves={curves} text={text} />}
          {promptSet !== null && <ReportedRates reported={promptSet} text={text} />}
          {demonstration !== null && <ReportedVotes demonstration={demonstration} text={text} />}
          {prompts.length > 0 && <h2>{report.answers}</h2>}
          <ReportedAnswers prompts={prompts} text={text} />
        </main>
        <footer>{report.footer}</footer>
      </body>
    </html>
  );
}
