/** @file The report as the text of one file that needs nothing else. The renderer is loaded when it is first wanted. */
import { createElement } from 'react';
import type { ReportDocumentProps } from './report-document';

export async function writeReport(props: ReportDocumentProps): Promise<string> {
  const [{ renderToStaticMarkup }, { ReportDocument }] = await Promise.all([
    import('react-dom/server'),
    import('./report-document'),
  ]);
  return `<!doctype html>\n${renderToStaticMarkup(createElement(ReportDocument, props))}\n`;
}
