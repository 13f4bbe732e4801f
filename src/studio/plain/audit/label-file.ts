/**
 * @file Writes the office's grade label into a file that leaves: into its name always, and inside where the format has
 * a place that programs pass over: a field of each row, a column, the top of a page, a file of a zip.
 */
import { zipSync, unzipSync, strToU8 } from 'fflate';

export interface LeavingFile {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer> | string;
  readonly type: string;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function labelText(type: string, text: string, label: string): string {
  if (type === 'application/jsonl')
    return text.replace(/^\{/gm, () => `{${JSON.stringify('grade')}:${JSON.stringify(label)},`);
  if (type === 'text/csv') {
    const [head = '', ...rows] = text.trimEnd().split(/\r?\n/);
    return [`${head},grade`, ...rows.map((row) => `${row},${quote(label)}`)].join('\n') + '\n';
  }
  if (type === 'text/html')
    return text.replace(/<body[^>]*>/, (body) => `${body}<p><strong>${escapeHtml(label)}</strong></p>`);
  return text;
}

/** `pairs.jsonl` is `pairs [대외비].jsonl`. */
function labelName(name: string, label: string): string {
  const plain = label.replace(/[\u0000-\u001f<>:"/\\|?*[\]]+/g, '-');
  const at = name.lastIndexOf('.');
  return at <= 0 ? `${name} [${plain}]` : `${name.slice(0, at)} [${plain}]${name.slice(at)}`;
}

export function labelFile({ name, content, type }: LeavingFile, label: string | null): LeavingFile {
  if (label === null) return { name, content, type };
  const named = labelName(name, label);
  if (typeof content === 'string') return { name: named, content: labelText(type, content, label), type };
  if (type !== 'application/zip') return { name: named, content, type };
  const files = Object.entries(unzipSync(content)).map(([path, bytes]) => [path, [bytes, { level: 0 }]] as const);
  const zip = zipSync({ ...Object.fromEntries(files), 'GRADE.txt': strToU8(`${label}\n`) } as never);
  return { name: named, content: zip as Uint8Array<ArrayBuffer>, type };
}
