import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { layers, packages } from './layers.mjs';

/** One config per folder of src/: what layers.mjs does not allow is an error where it is imported. */
const layerRules = Object.entries(layers).map(([folder, allowed]) => {
  const forbiddenFolders = Object.keys(layers).filter(
    (other) => other !== folder && !allowed.some((entry) => entry === other || entry.startsWith(`${other}/`)),
  );
  const patterns = forbiddenFolders.map((other) => ({
    group: [`**/${other}/**`],
    message: `src/${folder} may not import src/${other} (layers.mjs).`,
  }));
  for (const entry of allowed.filter((name) => name.includes('/'))) {
    const [other, file] = entry.split('/');
    patterns.push({
      regex: `/${other}/(?!${file}$)`,
      message: `src/${folder} may import only src/${entry} of src/${other} (layers.mjs).`,
    });
  }
  for (const [name, owners] of Object.entries(packages)) {
    if (owners.some((owner) => owner.split('/')[0] === folder)) continue;
    patterns.push({ group: [name, `${name}/*`], message: `${name} belongs to ${owners.join(', ')} (layers.mjs).` });
  }
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/**', 'dist-harness/**', 'node_modules/**', 'test-results/**', 'playwright-report/**', '.venv/**'] },
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['src/cli/**', 'e2e/**', '**/*.mjs', '**/*.js'], rules: { 'no-console': 'off' } },
  { files: ['src/studio/**/*.{ts,tsx}'], plugins: { 'react-hooks': reactHooks }, rules: reactHooks.configs.recommended.rules },
  ...layerRules,
);
