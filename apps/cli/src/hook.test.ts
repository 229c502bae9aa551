import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown, type OutputChunk } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hookBundle } from '../rolldown.config.js'
import { untilEnd, type Ran } from './cli-house.test.support.js'

let folder: string
let chunks: OutputChunk[]

/** What is shipped, but for all commands that are no hook: those say that they ran. */
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hook-')))
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const built = await rolldown({ ...hookBundle, cwd })
  const { output } = await built.write({ ...hookBundle.output, dir: join(folder, 'dist') })
  chunks = output.filter((part) => part.type === 'chunk')
  cpSync(join(cwd, 'bin'), join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'dist/main.js'), "console.log('main')")
  writeFileSync(join(folder, 'dist/package.json'), '{ "type": "module" }')
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function run(words: readonly string[], said: string): Promise<Ran> {
  const child = spawn(process.execPath, [join(folder, 'bin/subagent-mcp.js'), ...words], {
    env: { PATH: process.env['PATH'] },
    stdio: 'pipe',
  })
  const ran = untilEnd(child)
  return new Promise((resolve, reject) => {
    child.stdin.on('error', reject)
    child.stdin.end(said, () => {
      resolve(ran)
    })
  })
}

test.each([
  ['claude', '{"hook_event_name":"PreToolUse"}'],
  ['codex', ''],
  ['gemini', 'no JSON at all'],
  ['unheard-of', 'x'.repeat(2_000_000)],
])('a hook of %s is read to its end, and answered with nothing', async (host, said) => {
  expect(await run(['hook', host], said)).toEqual({ code: 0, stdout: '', stderr: '' })
})

test.each([[['hook', '--help']], [['hook']], [['hook', '--json']], [['hook', 'claude', 'more']]])(
  'nor does %j forbid anything',
  async (words) => {
    expect(await run(words, '{}')).toEqual({ code: 0, stdout: '', stderr: '' })
  },
)

test('other commands are none', async () => {
  expect(await run(['ps'], '')).toEqual({ code: 0, stdout: 'main\n', stderr: '' })
})

test('it loads nothing', () => {
  expect(chunks.map(({ fileName, imports, dynamicImports }) => [fileName, imports, dynamicImports])).toEqual([
    ['hook.cjs', [], []],
  ])
  expect(chunks[0]?.code.length).toBeLessThan(1000)
})
