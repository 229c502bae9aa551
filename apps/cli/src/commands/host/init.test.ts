import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

test('as it is shipped: 0 is done, 1 a file that was refused, 2 wrong use', async () => {
  const { home, run } = theRuntime()
  const root = join(home, 'project')
  mkdirSync(root)
  const done = await run(['init', '--root', root, '--files', 'AGENTS.md'])
  const path = join(root, 'AGENTS.md')
  expect(done).toMatchObject({ code: 0, stdout: `written    ${path}\n` })
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text + text)
  const refused = await run(['init', '--root', root, '--files', 'AGENTS.md', '--json'])
  expect(refused).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(refused.stdout)).toMatchObject({ files: [{ type: 'refused', path }], notes: [] })
  const wrong = await run(['init', '--global', '--cursor'])
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(wrong.stderr).toMatch(
    /^subagent-mcp: --global cannot be combined with --cursor\nhint: see subagent-mcp init --help\n/,
  )
})
