import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { labelFile } from './label-file';
import { readOffice } from './office';

const label = '대외비 "A"';

describe('a file that leaves under a grade label', () => {
  it('is as it was where there is none', () => {
    const file = { name: 'pairs.jsonl', content: '{"a":1}\n', type: 'application/jsonl' };
    expect(labelFile(file, null)).toEqual(file);
  });

  it('has it in its name and in each row', () => {
    const rows = '{"prompt":"a\\n{b","chosen":"c"}\n{"prompt":"d"}\n';
    const { name, content } = labelFile({ name: 'pairs.jsonl', content: rows, type: 'application/jsonl' }, label);
    expect(name).toBe('pairs [대외비 -A-].jsonl');
    const parsed = String(content)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(parsed).toEqual([
      { grade: label, prompt: 'a\n{b', chosen: 'c' },
      { grade: label, prompt: 'd' },
    ]);
  });

  it('has it in a column of a table', () => {
    const { content } = labelFile({ name: 'm.csv', content: 'step,loss\n1,0.5\n2,0.4\n', type: 'text/csv' }, label);
    expect(content).toBe('step,loss,grade\n1,0.5,"대외비 ""A"""\n2,0.4,"대외비 ""A"""\n');
  });

  it('has it at the top of a report, as text and never as markup', () => {
    const { content } = labelFile(
      { name: 'r.html', content: '<html><body class="x">hi</body></html>', type: 'text/html' },
      '<b>$&</b>',
    );
    expect(content).toContain('<body class="x"><p><strong>&#60;b&#62;$&#38;&#60;/b&#62;</strong></p>hi');
  });

  it('has it in a zip beside files that stay as they are', () => {
    const zip = zipSync({ 'a.txt': strToU8('hi') }) as Uint8Array<ArrayBuffer>;
    const { content } = labelFile({ name: 'a.zip', content: zip, type: 'application/zip' }, label);
    const files = unzipSync(content as Uint8Array);
    expect(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)])).toEqual([
      ['a.txt', 'hi'],
      ['GRADE.txt', `${label}\n`],
    ]);
  });
});

describe('what the office demands', () => {
  it('is nothing without its file or with an empty one', () => {
    for (const text of [null, '{}'])
      expect(readOffice(text)).toEqual({ label: null, exports: { reason: false, approver: false }, isBroken: false });
  });

  it('is what the file says', () => {
    const office = readOffice('{"label": "대외비", "exports": {"reason": true}}');
    expect(office).toEqual({ label: '대외비', exports: { reason: true, approver: false }, isBroken: false });
  });

  it('is everything where the file is broken', () => {
    for (const text of ['', 'null', '{"lable": "x"}', '{"exports": {"reason": "yes"}}', '{"label": ""}'])
      expect(readOffice(text)).toMatchObject({ exports: { reason: true, approver: true }, isBroken: true });
  });
});
