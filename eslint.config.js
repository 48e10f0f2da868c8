import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig([
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'action/dist/'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { minimumDescriptionLength: 5 }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  { files: ['*.js', 'scripts/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    // Equal input, equal output: what depends on the process, the clock or chance is handed in by cli.ts or action.ts.
    files: ['src/**'],
    ignores: ['src/cli.ts', 'src/action.ts', 'src/reporters/html/page.js'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'fetch',
        'performance',
        'setTimeout',
        'setInterval',
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Take the day from Io.',
        },
        { selector: 'CallExpression[callee.name="Date"]', message: 'Take the day from Io.' },
        {
          selector: 'MemberExpression[object.name="Date"][property.name="now"]',
          message: 'Take the day from Io.',
        },
        {
          selector: 'MemberExpression[object.name="Math"][property.name="random"]',
          message: 'Not repeatable.',
        },
      ],
      'no-restricted-imports': [
        'error',
        ...['node:process', 'node:http', 'node:https', 'node:net', 'node:child_process', 'node:os'],
      ],
    },
  },
  { files: ['src/cli.ts'], rules: { 'no-console': 'off' } },
]);
