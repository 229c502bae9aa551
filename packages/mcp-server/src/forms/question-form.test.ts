import type { Agent, PendingApproval } from '@subagent-mcp/core'
import { expect, test } from 'vitest'
import { startManualServer } from '../manual-server.test.support.js'
import { createPermissionForm, type ReadablePermissionForm } from './question-form.js'

/** Creates the form for a tool call of a launched agent. */
async function formFor(
  more: Partial<PendingApproval>,
  profile: Partial<Agent['profile']> = {},
): Promise<ReadablePermissionForm> {
  const server = await startManualServer({ capabilities: {} })
  const { id } = await server.launched()
  const agent = server.supervisor.state().agents.get(id)
  await server.close()
  if (!agent) throw new Error('the agent is gone')
  const request = { requestId: 'p1', tool: 'Bash', input: { command: 'rm x' }, askedAt: 0, ...more }
  return createPermissionForm({ ...agent, profile: { ...agent.profile, ...profile, id: 'a1' } }, request)
}

const bash = (command: string) => ({ input: { command } })
const linesOf = ({ params }: ReadablePermissionForm): string[] => params.message.split('\n')
/** Counts the terminal columns of a line, or more. */
const columnsOf = (line: string): number =>
  Array.from(line).reduce((sum, char) => sum + (char <= '~' ? 1 : 2), 0)

const [accept, decline] = [{ action: 'accept' }, { action: 'decline' }]
const choose = (decision: string) => ({ action: 'accept', content: { decision } })

test.each([
  ['a command', 'npm test', ['Bash: npm test']],
  [
    'two lines, broken at a space',
    `${'a'.repeat(50)} ${'b'.repeat(50)}`,
    [`Bash: ${'a'.repeat(50)}`, 'b'.repeat(50)],
  ],
  ['a new line', 'ls\nrm x', [String.raw`Bash: ls\u{a}rm x`]],
  ['the direction of writing', 'rm \u202ex', [String.raw`Bash: rm \u{202e}x`]],
  ['an escape sequence', 'rm \u001b[2Kx', [String.raw`Bash: rm \u{1b}[2Kx`]],
  ['a tab and a no-break space', 'a\tb\u00a0c', [String.raw`Bash: a\u{9}b\u{a0}c`]],
  ['many spaces', `ls${' '.repeat(60)}; rm x`, ['Bash: ls[60 spaces]; rm x']],
])('%s is shown whole in the form', async (_, command, expected) => {
  const form = await formFor(bash(command))
  expect(linesOf(form).slice(1)).toEqual(expected)
  expect(form.params.requestedSchema).toEqual({ type: 'object', properties: {} })
  expect(form.read(accept, 1000)).toEqual({ decision: 'allow' })
})

test.each([
  ['three lines', `${'a'.repeat(60)} ${'b'.repeat(60)} ${'c'.repeat(60)}`],
  ['a word that a line cannot hold', `x ${'b'.repeat(73)}`],
  ['two words with more than one space between them', `${'a'.repeat(60)}  ${'b'.repeat(60)}`],
  ['wide characters', '漢'.repeat(50)],
  ['spelled-out characters', '\u202e'.repeat(30)],
  ['spaces that push the end away', `ls${' x'.repeat(80)}; rm -rf ~`],
  ['very much', 'x'.repeat(1_000_000)],
])('%s: the form says where to read the call, and cannot allow it', async (_, command) => {
  for (const humanOnly of [false, true]) {
    const form = await formFor({ ...bash(command), humanOnly })
    expect(form.params.message).toContain('too long for this form')
    expect(form.params.message).toContain('subagent-mcp permissions --watch')
    expect(form.params.requestedSchema).toMatchObject({
      properties: { decision: { enum: ['leave', 'deny'] } },
      required: ['decision'],
    })
    for (const result of [accept, choose('allow'), choose('leave'), { ...accept, content: {} }])
      expect(form.read(result, 60_000)).toBeUndefined()
    expect(form.read(choose('deny'), 60_000)).toEqual({ decision: 'deny' })
    expect(form.read(decline, 60_000)).toMatchObject({ decision: 'deny' })
  }
})

test('a call that only a person may allow needs a choice, and the form says why', async () => {
  const form = await formFor({ humanOnly: true, by: 'force\u202e push' })
  expect(form.params.requestedSchema).toMatchObject({
    properties: {
      decision: { title: 'Only a person may allow it (force\\u{202e} push)', enum: ['allow', 'deny'] },
    },
    required: ['decision'],
  })
  for (const result of [
    accept,
    { ...accept, content: {} },
    choose('yes'),
    choose('leave'),
    choose('toString'),
  ])
    expect(form.read(result, 60_000)).toBeUndefined()
  expect(form.read(choose('allow'), 0)).toEqual({ decision: 'allow' })
  expect(form.read(choose('deny'), 0)).toEqual({ decision: 'deny' })
})

test('an answer faster than a person can read is ignored', async () => {
  const form = await formFor({})
  for (const result of [accept, decline]) expect(form.read(result, 999)).toBeUndefined()
  for (const result of [{ action: 'cancel' }, { action: 'dance' }, undefined, 'accept', choose])
    expect(form.read(result, 60_000)).toBeUndefined()
})

test.each([
  [{ name: 'reviewer', cwd: '/work/project' }, 'Sub-agent a1 "reviewer" asks until 12:05 in /work/project:'],
  [
    { name: `x" asks to run ls\n${'y'.repeat(60)}`, cwd: '/p' },
    `Sub-agent a1 "…${'y'.repeat(18)}" asks until 12:05 in /p:`,
  ],
  [{ cwd: `/${'very/'.repeat(30)}end` }, /^Sub-agent a1 asks until 12:05 in ….*very\/end:$/],
  [{ cwd: '/p/\u202e\n/x' }, String.raw`Sub-agent a1 asks until 12:05 in /p/\u{202e}\u{a}/x:`],
])('the first line of a form names the agent, the deadline and the folder: %j', async (profile, expected) => {
  const [first = ''] = linesOf(await formFor({ until: new Date(2026, 10, 22, 12, 5).getTime() }, profile))
  if (typeof expected === 'string') expect(first).toBe(expected)
  else expect(first).toMatch(expected)
})

test('no form has more than three lines or 72 columns', async () => {
  for (const length of [1, 20, 65, 66, 67, 140, 1000])
    for (const text of ['x'.repeat(length), 'ab '.repeat(length / 3), '漢 '.repeat(length / 3)]) {
      const lines = linesOf(await formFor(bash(text), { cwd: `/${text}`, name: text }))
      expect(lines.length).toBeLessThanOrEqual(3)
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(72)
    }
})
