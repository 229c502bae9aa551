import { managedBlockText } from '@subagent-mcp/installer'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeInitFolders } from './init-folders.test.support.js'

const block = `<!-- BEGIN:subagent-mcp v1 -->\n${managedBlockText}\n<!-- END:subagent-mcp -->`

test("the files of the hosts that are there, which are the user's alone", async () => {
  const { home, init, bytesIn } = makeInitFolders()
  mkdirSync(join(home, '.claude'))
  mkdirSync(join(home, '.gemini'))
  const { stdout, stderr } = await init('--global')
  const [claude, gemini] = [join(home, '.claude/CLAUDE.md'), join(home, '.gemini/GEMINI.md')]
  expect(stdout).toBe(`written    ${claude}\nwritten    ${gemini}\n`)
  expect(stderr).toBe(
    'note       Codex was not found: nothing to do for it\nhosts read it in their next session\n',
  )
  expect(statSync(claude).mode & 0o777).toBe(0o600)
  await init('--global', '--remove')
  expect(bytesIn(home)).toEqual({ '.claude': 'no file', '.gemini': 'no file' })
})

test('where variables move them', async () => {
  const { home, init, terminal, bytesIn } = makeInitFolders()
  const [claude, codex, gemini] = ['c', 'x', 'g'].map((name) => join(home, name))
  Object.assign(terminal.environment, {
    CLAUDE_CONFIG_DIR: claude,
    CODEX_HOME: codex,
    GEMINI_CLI_HOME: gemini,
  })
  for (const path of [claude, codex, gemini]) mkdirSync(join(path ?? '', '.gemini'), { recursive: true })
  await init('--global')
  const text = `${block}\n`
  expect(bytesIn(home)).toMatchObject({
    'c/CLAUDE.md': text,
    'x/AGENTS.md': text,
    'g/.gemini/GEMINI.md': text,
  })
})
