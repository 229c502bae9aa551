import { containing, type ManualSession } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkOutputSchema } from '@subagent-mcp/runtime'
import { beforeAll, expect, test } from 'vitest'
import { openNewestSession, startTestContext, type TestContext } from '../../terminal/context.test.support.js'
import { reviewCommand } from './review.js'

// In a request of a test Node would look for the packages that ajv uses beside the link to ajv, and not beside ajv.
beforeAll(() => checkOutputSchema({}))

const empty = {
  file: 'src/the cart.js',
  line: 2,
  severity: 'high',
  title: 'an empty cart throws',
  why: 'reduce has no initial value.\nGive it 0.',
} as const
const wanted = {
  verdict: 'changes',
  findings: [empty, { ...empty, line: 7, severity: 'low', title: 'slow' }],
}
const approved = { verdict: 'approve', findings: [] }

/** Starts `review` in a git repository with a new file, and resolves when the session of the reviewer has opened. */
async function start(...words: string[]) {
  const context = await startTestContext()
  execFileSync('git', ['init', '--quiet'], { cwd: context.terminal.cwd })
  writeFileSync(join(context.terminal.cwd, 'cart.js'), 'new cart\n')
  const running = reviewCommand.run(words, context)
  await expect.poll(() => context.driver.sessions.length).toBe(1)
  return { context, running, session: await openNewestSession(context.driver) }
}

function answer(session: ManualSession, text: string): void {
  session.sink({ type: 'message-ended', text })
  session.finish(text)
}

test('the findings are numbered, and changes that are wanted have an exit code of their own', async () => {
  const { context, running, session } = await start('--by', 'codex')
  expect(session.sent).toMatchObject([{ text: containing('+new cart') }])
  session.sink({ type: 'tool-started', callId: '1', tool: 'Read', input: { path: 'cart.js' } })
  session.sink({ type: 'tool-ended', callId: '1', failed: false, output: 'text' })
  answer(session, JSON.stringify(wanted))
  expect(await running).toBe(5)
  expect(context.terminal.said).toEqual({
    stdout: `\
1. src/the cart.js:2 high an empty cart throws
   reduce has no initial value.
   Give it 0.

2. src/the cart.js:7 low slow
   reduce has no initial value.
   Give it 0.

claude wants changes: 2 findings
`,
    stderr: `\
a1 "reviewer": claude/opus for quality_review
Read {"path":"cart.js"} → ok
a1 "reviewer" finished in 0.0 s on claude/opus; to follow up: subagent-mcp send a1 "<text>"
`,
  })
})

test('approved changes are a success, also in an answer with words and a code fence around the JSON', async () => {
  const { context, running, session } = await start()
  answer(session, `Here it is:\n\`\`\`json\n${JSON.stringify(approved)}\n\`\`\``)
  expect(await running).toBe(0)
  expect(context.terminal.said.stdout).toBe('claude approves the changes: 0 findings\n')
})

test('as JSON it names the agent', async () => {
  const { context, running, session } = await start('--json')
  answer(session, JSON.stringify(wanted))
  expect(await running).toBe(5)
  const said: unknown = JSON.parse(context.terminal.said.stdout)
  expect(said).toMatchObject({ ...wanted, agent: { id: 'a1', provider: 'claude' } })
})

test('as SARIF it has the fields that version 2.1.0 requires', async () => {
  const { context, running, session } = await start('--sarif')
  answer(session, JSON.stringify(wanted))
  expect(await running).toBe(5)
  const result = (startLine: number, level: string, title: string): object => ({
    ruleId: 'review',
    level,
    message: { text: `${title}\n\n${empty.why}` },
    locations: [
      { physicalLocation: { artifactLocation: { uri: 'src/the%20cart.js' }, region: { startLine } } },
    ],
  })
  const said: unknown = JSON.parse(context.terminal.said.stdout)
  expect(said).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'subagent-mcp review', rules: [{ id: 'review' }] } },
        results: [result(2, 'error', 'an empty cart throws'), result(7, 'note', 'slow')],
      },
    ],
  })
})

test('an answer in another form is asked for once more', async () => {
  const { context, running, session } = await start()
  answer(session, 'All is well.')
  await expect
    .poll(() => session.sent.at(-1))
    .toMatchObject({ text: containing('Your answer does not match the JSON Schema') })
  await expect.poll(() => context.terminal.said.stderr).toContain('its result failed the check')
  answer(session, JSON.stringify(approved))
  expect(await running).toBe(0)
})

test('a second answer in another form is an error that says what does not match', async () => {
  const { context, running, session } = await start()
  answer(session, 'All is well.')
  await expect.poll(() => session.sent.length).toBe(2)
  answer(session, JSON.stringify({ ...wanted, findings: [{ ...empty, line: 0 }] }))
  expect(await running).toBe(3)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain(
    'rejected: the answer does not match output_schema: /findings/0/line must be > 0',
  )
})

test('Ctrl-C kills the reviewer', async () => {
  const { context, running, session } = await start()
  await expect.poll(() => context.terminal.said.stderr).toContain('a1 "reviewer"')
  context.terminal.interrupt()
  expect(await running).toBe(130)
  expect(session.closed()).toBe('kill')
  expect(context.terminal.said.stdout).toBe('')
})

test.each([
  [[], 'changes: there are no uncommitted changes in '],
  [['--staged'], 'changes: there are no staged changes in '],
  [['--base', 'nowhere'], "changes: git knows no revision 'nowhere' here"],
  [['a..b'], "changes: git knows no revision 'a' here"],
])('without changes nothing is launched: %j', async (words, message) => {
  const context: TestContext = await startTestContext()
  execFileSync('git', ['init', '--quiet'], { cwd: context.terminal.cwd })
  await expect(reviewCommand.run(words, context)).rejects.toThrow(message)
  expect(context.driver.sessions).toEqual([])
})

test.each([
  [['topic'], 'takes two revisions, as in main..topic'],
  [['a..b', '--staged'], '<range> cannot be combined with --staged'],
  [['--base', 'main', '--staged'], '--base cannot be combined with --staged'],
  [['--json', '--sarif'], '--json cannot be combined with --sarif'],
])('wrong use: %j', async (words, message) => {
  const context: TestContext = await startTestContext()
  await expect(reviewCommand.run(words, context)).rejects.toThrow(message)
})
