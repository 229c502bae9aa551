import { SubagentError } from '@subagent-mcp/contract'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import type { SetupQuestion } from './ports/setup-port.js'

let server: ManualServer
afterEach(() => server.close())

const open: SetupQuestion[] = [
  { id: 'hosts', question: 'Register?', description: 'Claude Code', isOn: true },
  { id: 'init', question: 'Write it?', description: 'AGENTS.md', isOn: false },
]

/** Starts a server whose setup has these open questions, and returns the answers that it was given. */
async function start(
  { questions = open, fails = false }: { questions?: SetupQuestion[]; fails?: boolean },
  host: Parameters<typeof startManualServer>[0] = {},
): Promise<object[]> {
  const given: object[] = []
  server = await startManualServer({
    ...host,
    setup: {
      look: () =>
        Promise.resolve({
          lines: ['✓ Claude Code  signed in', 'token sk-ant-api03-' + 'a'.repeat(95)],
          questions,
        }),
      answer: (answers) => {
        given.push(answers)
        const error = new SubagentError('not-installed', 'no host was found', { hint: 'install one' })
        return fails ? Promise.reject(error) : Promise.resolve(['wrote 5 of 5 files'])
      },
    },
  })
  return given
}

const Answer = z.looseObject({
  messages: z.array(z.looseObject({ content: z.looseObject({ text: z.string() }) })).optional(),
  requestState: z.string().optional(),
  inputRequests: z
    .record(
      z.string(),
      z.looseObject({ params: z.looseObject({ message: z.string(), requestedSchema: z.unknown() }) }),
    )
    .optional(),
})

async function get(more: object = {}) {
  const answer = Answer.parse((await server.host.request('prompts/get', { name: 'setup', ...more })).result)
  return { ...answer, text: answer.messages?.[0]?.content.text ?? '' }
}

const schema = {
  type: 'object',
  properties: {
    hosts: { type: 'boolean', title: 'Register?', description: 'Claude Code', default: true },
    init: { type: 'boolean', title: 'Write it?', description: 'AGENTS.md', default: false },
  },
}

test('a host has a prompt for the setup, and an agent of this name none', async () => {
  await start({})
  server.agents.define('setup')
  const { result } = await server.host.request('prompts/list')
  expect(
    z
      .array(z.looseObject({ name: z.string() }))
      .parse(result?.['prompts'])
      .map(({ name }) => name),
  ).toEqual(['subagents', 'setup'])
})

test('without forms the text has what was found and the open questions, without secrets', async () => {
  await start({})
  const { text } = await get()
  expect(text).toMatch(/^Tell me in short which agents are signed in here/)
  expect(text).toContain('✓ Claude Code  signed in\n')
  expect(text).toContain(
    'not answered yet: Register?\nnot answered yet: Write it?\nin a terminal, subagent-mcp setup',
  )
  expect(text).not.toContain('aaaa')
})

test('a form asks the open questions, and the text says what was written', async () => {
  const given = await start({}, { capabilities: { elicitation: {} } })
  const answer = get()
  const form = await server.host.forms.form(1)
  server.clock.advance(1000)
  expect(form.message).toContain('Set up subagent-mcp on this machine.\n✓ Claude Code  signed in')
  expect(form.params).toMatchObject({ mode: 'form', requestedSchema: schema })
  form.answer({ action: 'accept', content: { hosts: true, init: 'yes' } })
  expect((await answer).text).toContain('wrote 5 of 5 files')
  expect(given).toEqual([{ hosts: true, init: false }])
})

test.each([
  ['declined', { action: 'decline' }],
  ['closed', { action: 'cancel' }],
  ['accepted faster than a person reads', { action: 'accept', content: { hosts: true } }],
])('a form that is %s changes nothing', async (_name, result) => {
  const given = await start({}, { capabilities: { elicitation: {} } })
  const answer = get()
  ;(await server.host.forms.form(1)).answer(result)
  expect((await answer).text).toContain('not answered yet: Register?')
  expect(given).toEqual([])
})

test('a form that its host cannot show leaves the text, and a failed setup is reported with its hint', async () => {
  await start({ fails: true }, { capabilities: { elicitation: {} } })
  const first = get()
  ;(await server.host.forms.form(1)).refuse()
  expect((await first).text).toContain('not answered yet: Register?')
  const second = get()
  const form = await server.host.forms.form(2)
  server.clock.advance(1000)
  form.answer({ action: 'accept', content: { hosts: true } })
  expect((await second).text).toBe('Tell me: setup of subagent-mcp failed: no host was found (install one)')
})

test('in MCP of 2026 the form is an answer, and the next request has what the user chose', async () => {
  const given = await start({}, { speaks: '2026', capabilities: { elicitation: { form: {} } } })
  const asked = await get()
  expect(asked.inputRequests).toMatchObject({ setup: { params: { requestedSchema: schema } } })
  server.clock.advance(1000)
  const { requestState } = asked
  const { text } = await get({
    requestState,
    inputResponses: { setup: { action: 'accept', content: { hosts: true } } },
  })
  expect(text).toContain('wrote 5 of 5 files')
  expect(given).toEqual([{ hosts: true }])
  const closed = await get({ requestState, inputResponses: { setup: { action: 'cancel' } } })
  expect(closed.text).toContain('not answered yet: Register?')
})

test('without open questions no form is shown', async () => {
  await start({ questions: [] }, { capabilities: { elicitation: {} } })
  expect((await get()).text).not.toContain('not answered yet')
  expect(server.host.forms.all()).toEqual([])
})
