/**
 * @file The catalogue of the engine's sentences against the engine's sources, read as syntax: every entry is a sentence
 * that some source still says, and every UserError that the page may show has an entry.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createTranslator, rowBeginning, translateSentence as sentenceIn } from './engine-sentences';
import { engine as korean } from './ko/engine';

const root = join(import.meta.dirname, '../..');
/** The command line and the benchmark have no page; the studio has its own catalogue. */
const silent = /^(cli|bench|studio)\/|\.test\.ts$|engine\/random-model\.ts$|[/\\]test-|stage-cases/;

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !silent.test(path));

/**
 * The texts that an expression may be, with {} for what is computed, and where wanted also for what is chosen; null
 * where all of it is.
 */
function textsOf(node: ts.Expression, isChoiceOpen: boolean): string[] | null {
  const inside = (part: ts.Expression): string[] | null => textsOf(part, isChoiceOpen);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return inside(node.expression);
  if (ts.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((branch) => inside(branch) ?? []);
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(({ expression, literal }) =>
      ['{}', ...(isChoiceOpen ? (inside(expression) ?? []) : [])].map((text) => text + literal.text),
    );
    return spans.reduce((texts, ends) => texts.flatMap((begin) => ends.map((end) => begin + end)), [node.head.text]);
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const ends = inside(node.right) ?? ['{}'];
  return (inside(node.left) ?? ['{}']).flatMap((begin) => ends.map((end) => begin + end));
}

/** Values side by side are one to whoever reads the sentence. */
const normalise = (text: string): string => text.replace(/\{[a-z][A-Za-z ]*\}/g, '{}').replace(/\{\}( ?\{\})+/g, '{}');

const said = new Set<string>();
const refusals = new Map<string, string>();

for (const path of sources) {
  const visit = (node: ts.Node): void => {
    if (ts.isExpression(node)) for (const text of textsOf(node, true) ?? []) said.add(normalise(text));
    if (ts.isNewExpression(node) && node.expression.getText() === 'UserError' && node.arguments?.[0] !== undefined) {
      for (const text of textsOf(node.arguments[0], false) ?? []) refusals.set(normalise(text), path);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true));
}

const entries = { ...korean.sentences, ...korean.rowProblems };
const namesIn = (text: string): string[] =>
  [...text.matchAll(/\{([a-z][A-Za-z ]*)\}/g)].map(([, name]) => name as string);

describe('the Korean catalogue', () => {
  it('holds sentences that the sources say', () => {
    expect(Object.keys(entries).filter((english) => !said.has(normalise(english)))).toEqual([]);
    expect(said.has(normalise(`${rowBeginning}{problem}`))).toBe(true);
  });

  it('holds every refusal that the page may show', () => {
    const known = new Set(Object.keys(entries).map(normalise));
    // A sentence that is nothing but what another function said, or a code of src/messages.
    const missing = [...refusals].filter(([text]) => !known.has(text) && /[a-z]{2}/.test(text) && text.includes(' '));
    expect(missing).toEqual([]);
  });

  it('is in Korean and puts no value that the English lacks', () => {
    for (const [english, translation] of Object.entries(entries)) {
      expect(translation).toMatch(/[가-힣]/);
      expect(namesIn(english), english).toEqual(expect.arrayContaining(namesIn(translation)));
      expect(new Set(namesIn(english)).size, english).toBe(namesIn(english).length);
    }
  });
});

describe('a translation', () => {
  it('keeps the values and leaves English as it is', () => {
    const sentence = "The prompt has 70 tokens and this model's context holds 64; shorten it.";
    expect(sentenceIn('ko', sentence)).toBe(
      '프롬프트가 70토큰인데 이 모델의 컨텍스트는 64토큰입니다. 프롬프트를 줄이십시오.',
    );
    expect(sentenceIn('en', sentence)).toBe(sentence);
    expect(sentenceIn('ko', 'Nobody said this before.')).toBe('Nobody said this before.');
    expect(sentenceIn('ko', '모델을 여십시오.')).toBe('모델을 여십시오.');
  });

  it('goes into sentences inside sentences and one after the other', () => {
    expect(
      sentenceIn(
        'ko',
        'WebGPU found no graphics adapter, so the processor does the work. One thread only: the server does not send the COOP and COEP headers that threads need.',
      ),
    ).toBe(
      'WebGPU가 그래픽 장치를 찾지 못해 프로세서가 계산합니다. 서버가 스레드에 필요한 COOP와 COEP 헤더를 보내지 않아 스레드를 하나만 씁니다.',
    );
    expect(
      sentenceIn(
        'ko',
        "docs has no config.json; choose the checkpoint's own folder (config.json, tokenizer.json, model.safetensors). It holds log.md, a.md and 3 more.",
      ),
    ).toBe(
      'docs에 config.json 파일이 없습니다. 체크포인트 폴더(config.json, tokenizer.json, model.safetensors)를 고르십시오. 들어 있는 것: log.md, a.md 외 3개.',
    );
  });

  it('of a row names file and row first, whatever the file is called', () => {
    expect(sentenceIn('ko', 'Row 3 of my own data.jsonl has no `rejected`; add it.')).toBe(
      'my own data.jsonl 3행: `rejected` 항목이 없습니다. 추가하십시오.',
    );
    expect(
      sentenceIn('ko', 'Row 2 of a.csv is not valid CSV (it has 3 fields, the first row 2); correct the line.'),
    ).toBe('a.csv 2행: 올바른 CSV이 아닙니다(칸이 3개인데 첫 행은 2개임). 줄을 고치십시오.');
    expect(sentenceIn('ko', 'has no `input`; add it.')).toBe('`input` 항목이 없습니다. 추가하십시오.');
  });

  it('takes signs of patterns for what they are', () => {
    const translate = createTranslator({
      sentences: { 'Is it {a} (or {b})?': '{b} 또는 {a}?' },
      rowProblems: {},
      row: '',
    });
    expect(translate('Is it $1 (or .*)?')).toBe('.* 또는 $1?');
  });
});
