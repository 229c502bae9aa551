import eslint from '@eslint/js'
import { defineConfig } from 'eslint/config'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'
import { bans, bansExcept } from './bans.js'

// One program for all packages: with a program a package the linter takes twice as long.
const program = { project: fileURLToPath(new URL('tsconfig.json', import.meta.url)) }

/** How we write, as far as a machine can tell: style.md in rules. */
export default defineConfig(
  { ignores: ['**/node_modules/', '**/dist/', '**/__fixtures__/', '.tools/', '.turbo/', '**/.turbo/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: program } },
  {
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 50],
      'max-params': ['error', 4],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_$', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Without classes a function has no `this` to lose, and neither they nor enums can be assigned unsafely: these two
      // rules alone took ten seconds to find nothing.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      ...bans,
    },
  },
  { files: ['packages/contract/src/subagent-error.ts'], rules: bansExcept('class') },
  { files: ['apps/cli/src/exit.ts'], rules: bansExcept('exit') },
  // stdout belongs to the protocol, or to a result.
  { files: ['packages/**', 'apps/**'], rules: { 'no-console': 'error' } },
  // A describe block is as long as its tests.
  { files: ['**/*.test.ts', '**/*.test.mjs'], rules: { 'max-lines-per-function': 'off' } },
  // tsc knows the globals; JSDoc has no cast that the type-aware rules would see; a bin imports its dist.
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-undef': 'off', 'no-restricted-imports': 'off' },
  },
)
