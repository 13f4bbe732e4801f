/** @file Before there are pairs: what a file of them looks like, as a table and as JSON Lines, and a pair by hand. */
import { Copy } from 'lucide-react';
import { Button } from 'react-aria-components';
import { exampleLines } from '../../plain/data/pair-text';
import { useText } from '../../text/text';
import { useStudio } from '../use-studio';
import { AddPairButton } from './add-pair-button';
import { TemplateButton } from './template-button';

function ExampleTable({ isLocked }: { readonly isLocked: boolean }) {
  const { data } = useText();
  const { columns, rows } = data.template;
  return (
    <figure className="example">
      <figcaption>
        <span>{data.format.table}</span>
        <TemplateButton />
        <AddPairButton className="button button-small" isLocked={isLocked} />
      </figcaption>
      <div className="example-table" tabIndex={0} role="region" aria-label={data.format.tableLabel}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells) => (
              <tr key={cells[0]}>
                {cells.map((cell) => (
                  <td key={cell}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function ExampleLines() {
  const { notices } = useStudio();
  const { data } = useText();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(exampleLines);
      notices.getState().tellDone(data.copied);
    } catch {
      notices.getState().warn(data.copyRefused);
    }
  }
  return (
    <figure className="example">
      <figcaption>
        <span>
          {data.format.before} <code>prompt</code>, <code>chosen</code>, <code>rejected</code>
          {data.format.after}
        </span>
        <Button className="button button-small" onPress={() => void copy()}>
          <Copy aria-hidden="true" /> {data.copyExample}
        </Button>
      </figcaption>
      <pre tabIndex={0}>{exampleLines}</pre>
    </figure>
  );
}

export function EmptyData({ isLocked }: { readonly isLocked: boolean }) {
  return (
    <>
      <ExampleTable isLocked={isLocked} />
      <ExampleLines />
    </>
  );
}
