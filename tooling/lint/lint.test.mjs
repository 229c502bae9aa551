import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const test60 = `import { describe } from 'vitest'\ndescribe('all', () => {${'\n'.repeat(60)}})`

/** @type {readonly { code: string, rule: string, file?: string }[]} */
const refused = [
  { code: "export * from './failure.js'", rule: 'local(no-export-all)' },
  { code: 'export class Thing {}', rule: 'local(no-class)' },
  { code: 'export const Thing = class {}', rule: 'local(no-class)' },
  { code: 'export const leave = () => process.exit(1)', rule: 'eslint(no-restricted-properties)' },
  { code: "export { exit } from 'node:process'", rule: 'eslint(no-restricted-imports)' },
  { code: "export { clock } from '@subagent-mcp/core/dist/a.js'", rule: 'eslint(no-restricted-imports)' },
  { code: "export { clock } from '../../core/src/clock.js'", rule: 'eslint(no-restricted-imports)' },
  { code: 'export const read = (text: any) => String(text)', rule: 'typescript(no-explicit-any)' },
  {
    code: 'export const first = (list: string[]) => list[0]!',
    rule: 'typescript(no-non-null-assertion)',
  },
  {
    code: 'export const one = (value: unknown) => value as string',
    rule: 'typescript(consistent-type-assertions)',
  },
  {
    code: "import { Clock } from './x.js'\nexport const a: Clock = 1",
    rule: 'typescript(consistent-type-imports)',
  },
  { code: 'Promise.resolve()', rule: 'typescript(no-floating-promises)' },
  {
    code: 'export const a = (text: string) => (text === undefined ? 1 : 2)',
    rule: 'typescript(no-unnecessary-condition)',
  },
  { code: "console.log('hello')", rule: 'eslint(no-console)' },
  {
    code: 'export const sum = (a = 1, b = 1, c = 1, d = 1, e = 1) => a + b + c + d + e',
    rule: 'eslint(max-params)',
  },
  { code: `export function long() {${'\n'.repeat(50)}}`, rule: 'eslint(max-lines-per-function)' },
  { code: `export const a = 1${'\n'.repeat(300)}`, rule: 'eslint(max-lines)' },
  {
    code: `${test60}${'\n'.repeat(300)}`,
    rule: 'eslint(max-lines)',
    file: 'packages/testkit/src/long.test.ts',
  },
  {
    code: '// oxlint-disable-next-line no-console\nexport const a = 1',
    rule: 'Unused oxlint-disable directive (no problems were reported).',
  },
]

const allowed = [
  { code: "export const kinds = ['a', 'b'] as const", file: 'packages/contract/src/kinds.ts' },
  { code: 'export class SubagentError extends Error {}', file: 'packages/contract/src/subagent-error.ts' },
  { code: 'export const leave = () => process.exit(1)', file: 'apps/cli/src/exit.ts' },
  { code: "export { systemClock } from '@subagent-mcp/contract'", file: 'apps/cli/src/clock.ts' },
  { code: test60, file: 'packages/testkit/src/describe.test.ts' },
  { code: "console.log('hello')", file: 'bench/src/print.ts' },
]

const placed = [
  ...refused.map(({ file, ...rest }, index) => ({
    ...rest,
    file: file ?? `packages/contract/src/case-${index}.ts`,
  })),
  ...allowed,
]

/** Type declarations for the code of the rows, because the folder has no installed packages. */
const types = `declare const process: { exit(code: number): never }
declare const console: { log(text: string): void }
declare module 'vitest' { export function describe(name: string, run: () => void): void }
`

/** @type {string} */
let folder
/** @type {readonly { rule: string, file: string }[]} */
let found

// One run of the linter, over a small checkout with a file for each row.
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-')))
  for (const part of ['.oxlintrc.json', 'tooling/lint/plugin.mjs'])
    cpSync(join(root, part), join(folder, part))
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { strict: true, module: 'nodenext' },
      include: ['packages', 'apps', 'bench'],
    }),
  )
  write('packages/types.d.ts', types)
  for (const { file, code } of placed) write(file, `${code}\n`)
  found = lint()
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each(placed.filter((row) => 'rule' in row))('finds a violation of $rule: $code', ({ file, rule }) => {
  expect(rulesBroken(file)).toContain(rule)
})

test.each(allowed)('allows $code', ({ file }) => {
  expect(rulesBroken(file)).toEqual([])
})

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

/** Runs oxlint over the folder. PATH is set because oxlint finds its type-aware part by it. */
function lint() {
  const script = join(root, 'node_modules/oxlint/bin/oxlint')
  const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter) }
  const { stdout } = spawnSync(process.execPath, [script, '--format=json'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  /** @type {{ diagnostics: readonly { code?: string, message: string, filename: string }[] }} */
  const { diagnostics } = JSON.parse(stdout)
  return diagnostics.map(({ code, message, filename }) => ({ rule: code ?? message, file: filename }))
}

/** @param {string} file */
function rulesBroken(file) {
  return found.filter((problem) => problem.file === file).map(({ rule }) => rule)
}
