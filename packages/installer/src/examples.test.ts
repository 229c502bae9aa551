import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))
const before = '{\n  // mine\n  "theme": "dark"\n}\n'

test('the example of the README wires a host from an empty folder, and restores its file', () => {
  const { home, settings, run } = makeHome()
  const [, program = ''] =
    /```ts\n([^]*?)```/.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8')) ?? []
  const folder = join(home, 'empty')
  mkdirSync(join(folder, 'node_modules/@subagent-mcp'), { recursive: true })
  symlinkSync(packageFolder, join(folder, 'node_modules/@subagent-mcp/installer'))
  writeFileSync(join(folder, 'main.mjs'), program)
  const lines = run(join(folder, 'main.mjs')).split('\n')
  expect(lines).toContain('+++ ' + settings)
  expect(lines.slice(-3)).toEqual([`[ '${settings}' ] true`, `restored ${settings}`, ''])
  expect(readFileSync(settings, 'utf8')).toBe(before)
})

test('the example wire-one-host shows, writes and restores', () => {
  const { settings, run } = makeHome()
  const program = join(packageFolder, '../../examples/wire-one-host/main.mjs')
  expect(run(program)).toContain('+    "subagent-mcp": {\n')
  expect(readFileSync(settings, 'utf8')).toBe(before)
  expect(run(program, '--yes')).toContain(`written ${settings}\n`)
  expect(readFileSync(settings, 'utf8')).toContain('// mine')
  expect(run(program)).toBe(`${settings} has it already\n`)
  expect(run(program, '--undo')).toBe(`restored ${settings}\n`)
  expect(readFileSync(settings, 'utf8')).toBe(before)
})

/** A home with Gemini CLI in it, and nothing else. */
function makeHome() {
  const home = mkdtempSync(join(tmpdir(), 'installer-example-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true })
  })
  const settings = join(home, '.gemini/settings.json')
  mkdirSync(join(home, '.gemini'))
  writeFileSync(settings, before)
  const run = (program: string, ...words: string[]): string =>
    execFileSync(process.execPath, [program, ...words], {
      cwd: home,
      env: { HOME: home, USERPROFILE: home, PATH: '' },
      encoding: 'utf8',
    })
  return { home, settings, run }
}
