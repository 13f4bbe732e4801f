/** @file The answers in the report, as tables whose headings say who answered and with what reward. No hooks. */
import { formatSigned } from '../../../text/format';
import type { Text } from '../../../text/text';
import { textOfPrompt } from '../../../plain/data/prompt-text';
import { roleColours } from '../../../plain/roles';
import { nameOfAnswerer } from '../use-column-name';
import type { ReportedPrompt } from './report-facts';

function headingsOf({ answers }: ReportedPrompt, text: Text): readonly string[] {
  return answers.map(({ run, strength, bestOf, reward }) => {
    const single = nameOfAnswerer(run === null ? null : { name: run }, strength, text.compare);
    const name = bestOf === null ? single : text.compare.best.name(single, bestOf);
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

export function ReportedAnswers({
  prompts,
  text,
}: {
  readonly prompts: readonly ReportedPrompt[];
  readonly text: Text;
}) {
  return groupByHeadings(prompts, text).map(({ headings, prompts: asked }, index) => {
    const colours = roleColours(asked[0]?.answers.map(({ role }) => role) ?? []);
    return (
      <table key={index} className="answers">
        <thead>
          <tr>
            {headings.map((heading, column) => (
              <th key={column} scope="col" className={`who series-${colours[column] ?? 'base'}`}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        {asked.map(({ prompt, temperature, answers }, at) => (
          <tbody key={at}>
            <tr>
              <th scope="rowgroup" colSpan={headings.length} className="asked">
                {text.report.promptAt(textOfPrompt(prompt, text.common.roles), String(temperature))}
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
    );
  });
}
