import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { dirname, join, relative, resolve } from 'node:path';
import { importProblem } from './layers.mjs';

/** What layers.mjs does not allow is an error where it is imported. */
const importRules = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const withoutExtension = (path) => relative(join(import.meta.dirname, 'src'), path).replace(/\.(tsx?|mjs)$/, '');
    function check({ source }) {
      if (source?.type !== 'Literal') return;
      const isPackage = !source.value.startsWith('.');
      const imported = isPackage ? source.value : withoutExtension(resolve(dirname(context.filename), source.value));
      const problem = importProblem(withoutExtension(context.filename), imported, isPackage);
      if (problem !== null) context.report({ node: source, message: problem });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/** Why text is typed into the fields of one file only: Chrome keeps what is typed into any other. */
const typedText = 'Take a field of screens/shell/fields.tsx, of which the browser keeps no entries.';
const notTyped = '/^(checkbox|radio|file|range)$/';

export default tseslint.config(
  { ignores: ['dist/**', 'dist-harness/**', 'node_modules/**', 'test-results/**', 'playwright-report/**', '.venv/**'] },
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      // Prettier breaks code, not comments; a sentence in a string stays whole, so that it can be searched for.
      'max-len': [
        'error',
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-params': ['error', 5],
    },
  },
  { files: ['src/cli/**', 'e2e/**', '**/*.mjs', '**/*.js'], rules: { 'no-console': 'off' } },
  {
    files: ['src/studio/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: ['src/studio/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['src/studio/**/*.tsx'],
    ignores: ['src/studio/screens/shell/fields.tsx'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'react-aria-components',
              importNames: ['ComboBox', 'Input', 'NumberField', 'SearchField', 'TextArea', 'TextField'],
              message: typedText,
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "JSXOpeningElement[name.name='textarea']", message: typedText },
        { selector: "JSXAttribute[name.name='contentEditable']", message: typedText },
        {
          selector: `JSXOpeningElement[name.name='input']:not(:has(JSXAttribute[name.name='type'][value.value=${notTyped}]))`,
          message: typedText,
        },
      ],
    },
  },
  {
    files: ['src/**/*.{ts,tsx,mjs}'],
    ignores: ['**/*.test.ts', '**/*.test.tsx', '**/*.d.ts'],
    plugins: { airlock: { rules: { layers: importRules } } },
    rules: { 'airlock/layers': 'error' },
  },
);
