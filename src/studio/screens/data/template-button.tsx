/** @file Downloads an Excel file with the three columns, in the language of the page, for people to fill in. */
import { Download } from 'lucide-react';
import { Button } from 'react-aria-components';
import { writeWorkbook } from '../../../data/import/workbook';
import { download } from '../../browser/download';
import { useText } from '../../text/text';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function TemplateButton() {
  const { template } = useText().data;
  async function downloadTemplate(): Promise<void> {
    const { fileName, sheet, columns, rows } = template;
    download(fileName, await writeWorkbook(sheet, [columns, ...rows]), type);
  }
  return (
    <Button className="button button-small" onPress={() => void downloadTemplate()}>
      <Download aria-hidden="true" /> {template.download}
    </Button>
  );
}
