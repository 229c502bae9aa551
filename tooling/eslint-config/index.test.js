import { ESLint } from 'eslint'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const anyFile = 'packages/contract/src/clock.ts'

const refused = [
  { code: "export * from './failure.js'", rule: 'no-restricted-syntax' },
  { code: 'export class Thing {}', rule: 'no-restricted-syntax' },
  { code: 'export const leave = () => process.exit(1)', rule: 'no-restricted-syntax' },
  { code: "export { clock } from '@subagent-mcp/core/dist/clock.js'", rule: 'no-restricted-imports' },
  { code: "export { clock } from '../../core/src/clock.js'", rule: 'no-restricted-imports' },
  { code: 'export const read = (text: any) => String(text)', rule: '@typescript-eslint/no-explicit-any' },
  {
    code: 'export const first = (list: string[]) => list[0]!',
    rule: '@typescript-eslint/no-non-null-assertion',
  },
  {
    code: 'export const one = (value: unknown) => value as string',
    rule: '@typescript-eslint/consistent-type-assertions',
  },
  {
    code: "import { Clock } from './x.js'\nexport const a: Clock = 1",
    rule: '@typescript-eslint/consistent-type-imports',
  },
  { code: 'Promise.resolve()', rule: '@typescript-eslint/no-floating-promises' },
  { code: "console.log('hello')", rule: 'no-console' },
  { code: 'export const sum = (a = 1, b = 1, c = 1, d = 1, e = 1) => a + b + c + d + e', rule: 'max-params' },
  { code: `export function long() {${'\n'.repeat(50)}}`, rule: 'max-lines-per-function' },
  { code: '\n'.repeat(300) + 'export {}', rule: 'max-lines' },
]

const allowed = [
  { code: "export const kinds = ['a', 'b'] as const", file: anyFile },
  { code: 'export class SubagentError extends Error {}', file: 'packages/contract/src/subagent-error.ts' },
  { code: 'export const leave = () => process.exit(1)', file: 'apps/cli/src/exit.ts' },
  { code: "export { systemClock } from '@subagent-mcp/contract'", file: 'apps/cli/src/exit.ts' },
]

/** @type {ESLint} */
let eslint

beforeAll(async () => {
  // In CI the linter would read each file once, from disk.
  const parserOptions = { disallowAutomaticSingleRunInference: true }
  eslint = new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions } } })
  await rulesBroken('', anyFile) // reads all types once
}, 60_000)

test.each(refused)('a break of $rule is found', async ({ code, rule }) => {
  expect(await rulesBroken(code, anyFile)).toContain(rule)
})

test.each(allowed)('allows $code', async ({ code, file }) => {
  expect(await rulesBroken(code, file)).toEqual([])
})

test('a describe block may be long, a file of tests may not', async () => {
  const file = 'packages/testkit/src/loopback-only.test.ts'
  const block = `import { describe } from 'vitest'\ndescribe('all', () => {${'\n'.repeat(60)}})`
  expect(await rulesBroken(block, file)).toEqual([])
  expect(await rulesBroken(`${block}${'\n'.repeat(300)}export {}`, file)).toEqual(['max-lines'])
})

/** @param {string} code @param {string} file */
async function rulesBroken(code, file) {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${file}` })
  return result.messages.map((message) => message.ruleId)
}
