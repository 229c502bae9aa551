import { answerPermission, listOpenQuestions, listPendingApprovals } from '@subagent-mcp/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

/** The answer to a request of the 2026 protocol: a tool result, or a form with the state for the next request. */
const Ended = z.looseObject({
  resultType: z.string().optional(),
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string() })).optional(),
  requestState: z.string().optional(),
  inputRequests: z
    .record(z.string(), z.looseObject({ method: z.string(), params: z.looseObject({ message: z.string() }) }))
    .optional(),
})
type Ended = z.infer<typeof Ended>

let server: ManualServer
let host: ManualServer['host']
let id: string
let session: Awaited<ReturnType<ManualServer['launched']>>['session']

beforeEach(async () => {
  await start({ elicitation: { form: {}, url: {} } })
})

afterEach(() => server.close())

async function start(capabilities: object): Promise<void> {
  server = await startManualServer({ speaks: '2026', capabilities, limits: { answerWithin: 300_000 } })
  ;({ host } = server)
  ;({ id, session } = await server.launched())
}

async function call(name: string, input: object = {}, more: object = {}): Promise<Ended> {
  return Ended.parse((await host.request('tools/call', { name, arguments: input, ...more })).result)
}

/** Sends the next request of a call that ended with a form. */
function retry(
  name: string,
  { requestState, inputRequests = {} }: Ended,
  said: object | undefined,
  input = {},
) {
  const [key = ''] = Object.keys(inputRequests)
  return call(name, input, { requestState, inputResponses: said ? { [key]: said } : {} })
}

function ask(requestId: string, from = session): void {
  from.sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command: `rm ${requestId}` } })
}

const [accepted, declined] = [{ action: 'accept' }, { action: 'decline' }]
/** Answers the form in the next request, after a second in which a person has read it. */
const reply = (name: string, ended: Ended, said: object, input = {}) => {
  server.clock.advance(1000)
  return retry(name, ended, said, input)
}
const text = ({ content }: Ended): string => content?.[0]?.text ?? ''
const form = ({ inputRequests = {} }: Ended): string =>
  Object.values(inputRequests)
    .map(({ params }) => params.message)
    .join()
const answers = (): object[] => session.sent.filter(({ type }) => type === 'answer')
const agent = () => {
  const found = server.supervisor.state().agents.get(id)
  if (!found) throw new Error('the agent is gone')
  return found
}
/** Resolves when the server has handled everything that was sent before. */
const acted = (): Promise<string> => host.call('list_agents')

test('a wait returns a form, and the next request of the call continues the wait', async () => {
  const asked = call('wait')
  await acted()
  ask('p1')
  const ended = await asked
  expect(ended.resultType).toBe('input_required')
  expect(Object.values(ended.inputRequests ?? {})).toMatchObject([
    {
      method: 'elicitation/create',
      params: { mode: 'form', requestedSchema: { type: 'object', properties: {} } },
    },
  ])
  expect(form(ended)).toMatch(/^Sub-agent \w+ asks .*:\nBash: rm p1$/)
  expect(await host.call('poll_agent', { agent_id: id })).toContain('the user is being asked in test')
  const next = reply('wait', ended, accepted)
  await acted()
  expect(answers()).toEqual([{ type: 'answer', requestId: 'p1', decision: 'allow' }])
  expect(agent().answered).toMatchObject([{ by: 'elicitation', who: 'the user in test' }])
  session.finish('done')
  expect(text(await next)).toContain('done')
  expect(text(await call('wait'))).not.toContain('done')
})

test.each([{ action: 'cancel' }, declined, accepted, { action: 'dance' }, undefined])(
  'an invalid answer (%o) leaves the permission request to the model, and no form shows it again',
  async (said) => {
    ask('p1')
    const ended = await call('wait')
    expect(text(await retry('wait', ended, said))).toContain(`request_id=p1 decision=allow|deny`)
    server.clock.advance(1000)
    expect(text(await call('wait'))).toContain('asks permission p1')
  },
)

test('a user who declines the form denies the call', async () => {
  ask('p1')
  const ended = await call('wait')
  void reply('wait', ended, declined)
  await acted()
  expect(answers()).toEqual([
    { type: 'answer', requestId: 'p1', decision: 'deny', reason: 'the user declined' },
  ])
})

test('permission requests are shown one after the other, and not after they have ended', async () => {
  for (const requestId of ['p1', 'p2', 'p3']) ask(requestId)
  const first = await call('wait')
  expect(form(first)).toContain('rm p1')
  session.sink({ type: 'approval-withdrawn', requestId: 'p2' })
  const second = await reply('wait', first, accepted)
  expect(form(second)).toContain('rm p3')
  void reply('wait', second, declined)
  await acted()
  expect(answers()).toMatchObject([
    { requestId: 'p1', decision: 'allow' },
    { requestId: 'p3', decision: 'deny' },
  ])
})

test('a call shows at most nine forms: the next question goes to the model, or to the next call', async () => {
  let ended = await startAsking()
  for (let round = 1; ended.resultType === 'input_required' && round < 20; round += 1) {
    const next = reply('wait', ended, accepted)
    await acted()
    ask(`p${round}`)
    ended = await next
  }
  expect(answers()).toHaveLength(9)
  expect(text(ended)).toContain('asks permission p9')
  expect(form(await call('wait'))).toContain('rm p9')

  async function startAsking(): Promise<Ended> {
    ask('p0')
    return call('wait')
  }
})

test("after an answer elsewhere the form's answer is ignored, and the wait continues", async () => {
  ask('p1')
  const ended = await call('wait')
  answerPermission(server.supervisor, { agentId: id, decision: 'deny', by: 'terminal', who: 'me' })
  const next = reply('wait', ended, accepted)
  await acted()
  expect(answers()).toMatchObject([{ decision: 'deny' }])
  session.finish('done')
  expect(text(await next)).toContain('done')
})

test('an answer to an expired form does not answer the next permission request', async () => {
  ask('p1')
  await call('wait')
  server.clock.advance(300_000)
  await acted()
  await new Promise(setImmediate)
  ask('p2')
  expect(listPendingApprovals(agent())).toMatchObject([{ requestId: 'p2' }])
  expect(listOpenQuestions(agent())).toHaveLength(1)
  expect(form(await call('wait'))).toContain('rm p2')
})

test('a host that repeats the call without an answer gets the form once more, then its model is asked', async () => {
  ask('p1')
  const first = await call('wait')
  const second = await call('wait')
  expect([form(first), form(second)]).toEqual([form(first), form(first)])
  expect(text(await call('wait'))).toContain('asks permission p1')
})

test('the answer to the first of two forms counts', async () => {
  ask('p1')
  const first = await call('wait')
  await call('wait')
  void reply('wait', first, accepted)
  await acted()
  expect(answers()).toHaveLength(1)
})

test('a call that returns immediately shows no form', async () => {
  ask('p1')
  const { session: other } = await server.launched()
  other.finish('done')
  expect(text(await call('wait'))).toContain('done')
})

test('a cancelled call shows no form', async () => {
  void call('wait')
  await new Promise(setImmediate)
  host.cancel()
  await acted()
  ask('p1')
  expect(listOpenQuestions(agent())).toHaveLength(1)
  expect(form(await call('wait'))).toContain('rm p1')
})

test('a host that disconnects leaves the permission request open', async () => {
  ask('p1')
  await call('wait')
  await server.close()
  await new Promise(setImmediate)
  expect(listOpenQuestions(agent())).toHaveLength(1)
})

test('the user of a host that declares no forms is not asked', async () => {
  await server.close()
  await start({ elicitation: { url: {} } })
  ask('p1')
  expect(text(await call('wait'))).toContain('asks permission p1')
})

const task = { agent: 'reviewer', task: 'review it' }

/** Starts a task, which then asks for permission. */
async function invoked(requestId: string): Promise<Ended> {
  const ended = call('invoke', task)
  await acted()
  session = server.driver.sessions.at(-1) ?? session
  await session.open()
  ask(requestId)
  return ended
}

test('invoke continues its task after a form, and launches it once', async () => {
  const ended = await invoked('p1')
  const { length } = server.driver.sessions
  expect(form(ended)).toContain('rm p1')
  const next = reply('invoke', ended, accepted, task)
  await acted()
  expect(answers()).toHaveLength(1)
  session.finish('no fault')
  expect(text(await next)).toContain('no fault')
  expect(server.driver.sessions).toHaveLength(length)
})

test('a task that ended while its form was open is reported with the next request', async () => {
  const ended = await invoked('p1')
  server.clock.advance(300_000)
  session.finish('went without')
  expect(text(await reply('invoke', ended, accepted, task))).toContain('went without')
})

test('an unknown state launches nothing: never held, of another connection, or used before', async () => {
  const ended = await invoked('p1')
  const { length } = server.driver.sessions
  const refused = /^invalid-parameter: this invoke asked nothing in this session, or has ended\nhint: /
  expect(text(await call('invoke', task, { requestState: 'mine' }))).toMatch(refused)
  const other = await server.connect('other', { speaks: '2026', capabilities: { elicitation: {} } })
  const params = { name: 'invoke', arguments: task, requestState: ended.requestState, inputResponses: {} }
  const { result } = await other.host.request('tools/call', params)
  expect(text(Ended.parse(result))).toMatch(refused)
  await other.close()
  void reply('invoke', ended, declined, task)
  await acted()
  expect(text(await reply('invoke', ended, accepted, task))).toMatch(refused)
  expect(answers()).toMatchObject([{ decision: 'deny' }])
  expect(server.driver.sessions).toHaveLength(length)
})

test('wait reports a task whose form is open, once', async () => {
  const ended = await invoked('p1')
  const waiting = call('wait')
  await acted()
  session.finish('went without')
  expect(text(await waiting)).toContain('went without')
  expect(text(await reply('invoke', ended, accepted, task))).toContain('a task is deleted once')
})

test('a task whose host disconnects while its form is open continues', async () => {
  await invoked('p1')
  await server.close()
  expect([...server.supervisor.state().calls]).toEqual([])
  expect(session.closed()).toBeUndefined()
})

test('wait waits for a task that a person must answer', async () => {
  server.policy.verdict = { verdict: 'ask', by: 'preset ask', humanOnly: true }
  const ended = await invoked('p1')
  expect(text(await retry('invoke', ended, { action: 'cancel' }, task))).toContain(
    'only a person may allow it',
  )
  await acted()
  const [taskId = ''] = [...server.supervisor.state().agents.keys()].slice(-1)
  const next = call('wait', { agent_ids: [taskId] })
  await acted()
  answerPermission(server.supervisor, { agentId: taskId, decision: 'allow', by: 'terminal', who: 'me' })
  session.finish('no fault')
  expect(text(await next)).toContain('no fault')
})
