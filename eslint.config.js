import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { layers, packages } from './layers.mjs';

/** How deep below its folder of src/ a file may lie for the rules to see it. */
const depths = [1, 2, 3, 4];

/**
 * One config per folder of src/ and depth in it: what layers.mjs does not allow is an error where it is imported. The
 * depth tells `../text/x` of src/studio/train, which is its own folder's, from `../../text/x`, which is src/text.
 */
const layerRules = Object.entries(layers).flatMap(([folder, allowed]) =>
  depths.map((depth) => {
    const out = `^(\\.\\./){${depth}}`;
    const patterns = Object.keys(layers)
      .filter((other) => other !== folder && !allowed.some((entry) => entry === other || entry.startsWith(`${other}/`)))
      .map((other) => ({
        regex: `${out}${other}/`,
        message: `src/${folder} may not import src/${other} (layers.mjs).`,
      }));
    for (const entry of allowed.filter((name) => name.includes('/'))) {
      const [other, file] = entry.split('/');
      patterns.push({
        regex: `${out}${other}/(?!${file}$)`,
        message: `src/${folder} may import only src/${entry} of src/${other} (layers.mjs).`,
      });
    }
    for (const [name, owners] of Object.entries(packages)) {
      if (owners.some((owner) => owner.split('/')[0] === folder)) continue;
      patterns.push({ group: [name, `${name}/*`], message: `${name} belongs to ${owners.join(', ')} (layers.mjs).` });
    }
    return {
      files: [`src/${folder}/${'*/'.repeat(depth - 1)}*.{ts,tsx}`],
      ignores: ['**/*.test.ts', '**/*.test.tsx'],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    };
  }),
);

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
    },
  },
  { files: ['src/cli/**', 'e2e/**', '**/*.mjs', '**/*.js'], rules: { 'no-console': 'off' } },
  {
    files: ['src/studio/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  ...layerRules,
);
