import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { modeCommand } from './mode.js'
import { useSetupMachine } from './setup-machine.test.support.js'

const theMachine = useSetupMachine()
const start = new Date(2026, 10, 21, 14, 2, 11).getTime()

beforeEach(() => {
  Object.assign(theMachine().terminal, { now: () => start })
})

async function mode(...words: string[]): Promise<string> {
  const { terminal } = theMachine()
  Object.assign(terminal.said, { stdout: '', stderr: '' })
  expect(await modeCommand.run(words, terminal)).toBe(0)
  return terminal.said.stdout
}

test('off, on with hooks, and off again', async () => {
  await theMachine().setup('--yes')
  expect(await mode()).toBe('orchestration mode is off for ~/project\n')
  const on = `orchestration mode is on for ~/project since 2026-11-21 14:02:11, by terminal
  hooks enforce it in Claude Code, Codex, Gemini CLI
`
  expect(await mode('on')).toBe(on)
  expect(await mode('status')).toBe(on)
  expect(await mode('off')).toBe('orchestration mode is off for ~/project\n')
  expect(await mode('off')).toBe('orchestration mode is off for ~/project\n')
})

test('says until when, and what to do where nothing holds to it', async () => {
  expect(await mode('on', '--expire', '8h')).toBe(
    `orchestration mode is on for ~/project since 2026-11-21 14:02:11, by terminal, until 2026-11-21 22:02:11
  nothing enforces it: no host has our hooks here; subagent-mcp setup registers them
`,
  )
  Object.assign(theMachine().terminal, { now: () => start + 8 * 3_600_000 })
  expect(await mode()).toContain('is off for')
})

test('hooks of another project hold to nothing here', async () => {
  const { setup, terminal, home } = theMachine()
  await setup('--host', 'claude', '--scope', 'project', '--yes')
  expect(await mode('on')).toContain('hooks enforce it in Claude Code\n')
  mkdirSync(join(home, 'other'))
  Object.assign(terminal, { cwd: join(home, 'other') })
  expect(await mode('on')).toContain('nothing enforces it')
})

test('of another folder, by its project: through links, and without git', async () => {
  const { home } = theMachine()
  for (const folder of ['project/deep', 'plain/deep']) mkdirSync(join(home, folder), { recursive: true })
  symlinkSync(join(home, 'project/deep'), join(home, 'link'))
  await mode('on', '--project', join(home, 'link'))
  await mode('on', '--project', '../plain')
  expect(await mode('--project', join(home, 'project/deep'))).toContain('is on for ~/project since')
  expect(await mode('--project', join(home, 'plain/deep'))).toContain('is off for ~/plain/deep\n')
})

test('as data, with who turned it on from where', async () => {
  const { terminal } = theMachine()
  const project = realpathSync(terminal.cwd)
  expect(JSON.parse(await mode('--json'))).toEqual({ project, on: false })
  terminal.environment['CLAUDE_CODE_SESSION_ID'] = 's1'
  const entry = { since: start, by: 'terminal', session: 's1', expires: start + 60_000 }
  const on = { project, on: true, ...entry, hooks: [] }
  expect(JSON.parse(await mode('on', '--expire', '1m', '--json'))).toEqual(on)
  expect(JSON.parse(await mode('--all', '--json'))).toEqual([on])
})

test('all projects, or none', async () => {
  const { home, terminal } = theMachine()
  expect(await mode('--all')).toBe('')
  expect(terminal.said.stderr).toBe('orchestration mode is on in no project\n')
  expect(JSON.parse(await mode('--all', '--json'))).toEqual([])
  mkdirSync(join(home, 'plain'))
  await mode('on')
  await mode('on', '--project', join(home, 'plain'))
  expect(await mode('--all')).toMatch(/ for ~\/project since [^]* for ~\/plain since /)
})

test('a folder that is not there, and a file that cannot be read, are errors', async () => {
  const { terminal, write, read } = theMachine()
  const said = (...words: string[]) => modeCommand.run(words, terminal)
  await expect(said('--project', 'nowhere')).rejects.toMatchObject({ code: 'cwd-missing' })
  write('ours/modes.json', '{')
  for (const word of ['on', 'off', 'status'])
    await expect(said(word)).rejects.toMatchObject({ code: 'config-invalid' })
  expect(read('ours/modes.json')).toBe('{')
})

test('who turned it on cannot write on the terminal', async () => {
  const { home } = theMachine()
  await mode('on')
  const path = join(home, 'ours/modes.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"terminal"', String.raw`"me\u0007!"`))
  expect(await mode()).toContain(String.raw`by me\x07!`)
})
