import { answerPermission, listOpenQuestions, listPendingApprovals } from '@subagent-mcp/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

type Session = Awaited<ReturnType<ManualServer['launched']>>['session']

let server: ManualServer
let host: ManualServer['host']
let id: string
let session: Session

beforeEach(async () => {
  await start({ elicitation: {} })
})

afterEach(() => server.close())

async function start(capabilities: object, depth = 0): Promise<void> {
  server = await startManualServer({ capabilities, depth, limits: { answerWithin: 300_000, maxDepth: 2 } })
  ;({ host } = server)
  ;({ id, session } = await server.launched())
}

/** Starts a tool call, and returns when the server has received it. */
async function calling(name: string, input: object = {}): Promise<{ answer: Promise<string> }> {
  const answer = host.call(name, input)
  await host.call('list_agents')
  return { answer }
}

function ask(requestId: string): void {
  session.sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command: `rm ${requestId}` } })
}

const [accepted, declined] = [{ action: 'accept', content: {} }, { action: 'decline' }]
/** Answers a form as a person would who has read it for a second. */
const answerForm = (form: { answer(result: object): void }, result: object = accepted): void => {
  server.clock.advance(1000)
  form.answer(result)
}
const answers = (): object[] => session.sent.filter(({ type }) => type === 'answer')
const agent = () => {
  const found = server.supervisor.state().agents.get(id)
  if (!found) throw new Error('the agent is gone')
  return found
}
/** Resolves when the server has handled everything that was sent before. */
const acted = (): Promise<string> => host.call('list_agents')

test('the form has no fields, and shows the agent, the call and the deadline', async () => {
  await calling('wait')
  ask('p1')
  const form = await host.forms.form(1)
  expect(form.message).toMatch(new RegExp(`^Sub-agent ${id} asks until \\d\\d:\\d\\d in /p:\nBash: rm p1$`))
  expect(form.params).toMatchObject({ mode: 'form', requestedSchema: { type: 'object', properties: {} } })
})

describe("the user's answer decides the permission request, and the wait continues", () => {
  test.each([
    ['accept', accepted, { decision: 'allow' }],
    ['accept without content', { action: 'accept' }, { decision: 'allow' }],
    ['decline', declined, { decision: 'deny', reason: 'the user declined' }],
  ])('%s', async (_, result, expected) => {
    const { answer } = await calling('wait')
    ask('p1')
    const form = await host.forms.form(1)
    answerForm(form, result)
    await acted()
    expect(answers()).toEqual([{ type: 'answer', requestId: 'p1', ...expected }])
    expect(agent().answered).toMatchObject([{ by: 'elicitation', who: 'the user in test' }])
    session.finish('done')
    expect(await answer).toContain('done')
  })
})

describe('without a valid answer the wait returns the permission request, and it is not shown again', () => {
  test.each([
    ['cancel', { action: 'cancel' }],
    ['declined by the host itself, sooner than a person could', declined],
    ['accepted by the host itself, sooner than a person could', accepted],
    ['an answer that is none', { action: 'dance' }],
    ['refused', undefined],
  ])('%s', async (_, result) => {
    const { answer } = await calling('wait')
    ask('p1')
    const form = await host.forms.form(1)
    if (result) form.answer(result)
    else form.refuse()
    expect(await answer).toContain(
      `asks permission p1: Bash {"command":"rm p1"}\ndenied in 5 min if nobody answers\nnext: respond_permission agent_id=${id} request_id=p1 decision=allow|deny`,
    )
    await host.call('wait')
    expect(host.forms.all()).toHaveLength(1)
    expect(await host.call('respond_permission', { agent_id: id, decision: 'allow' })).toContain('next: wait')
    expect(agent().answered).toMatchObject([{ by: 'tool', who: 'test' }])
  })
})

test('an answer elsewhere withdraws the form, whose later answer is ignored', async () => {
  const { answer } = await calling('wait')
  ask('p1')
  const form = await host.forms.form(1)
  const { supervisor } = server
  answerPermission(supervisor, { agentId: id, decision: 'deny', by: 'terminal', who: 'me' })
  await acted()
  expect(form.isGone).toBe(true)
  answerForm(form)
  await acted()
  expect(answers()).toMatchObject([{ decision: 'deny' }])
  session.finish('done')
  expect(await answer).toContain('done')
})

test('the deadline withdraws the form', async () => {
  await calling('wait')
  ask('p1')
  const form = await host.forms.form(1)
  server.clock.advance(300_000)
  await acted()
  expect(form.isGone).toBe(true)
  expect(answers()).toMatchObject([{ decision: 'deny' }])
})

test('an unanswered permission request that is parked stays open, and the model can answer it later', async () => {
  Object.assign(server.supervisor, { unanswered: 'park' })
  ;({ id, session } = await server.launched())
  ask('p1')
  server.clock.advance(300_000)
  session.finish('rm p1 waits')
  const known =
    'asks permission parked-2: Bash {"command":"rm p1"}\nnobody answered in time: it stays open, and an answer wakes the ' +
    `agent\nnext: respond_permission agent_id=${id} request_id=parked-2 decision=allow|deny`
  expect(await host.call('wait')).toContain(known)
  expect(await host.call('poll_agent', { agent_id: id })).toContain(known)
  expect(host.forms.all()).toEqual([])
  await host.call('respond_permission', {
    agent_id: id,
    request_id: 'parked-2',
    decision: 'deny',
    reason: 'no',
  })
  expect(session.sent.at(-1)).toMatchObject({ type: 'prompt' })
  expect(await host.call('poll_agent', { agent_id: id })).not.toContain('asks permission')
})

test('a permission request from before the wait is shown during the wait', async () => {
  ask('p1')
  await acted()
  expect(host.forms.all()).toEqual([])
  await calling('wait')
  answerForm(await host.forms.form(1))
  await acted()
  expect(answers()).toHaveLength(1)
})

test('a call that returns immediately shows no form', async () => {
  ask('p1')
  const { session: other } = await server.launched()
  other.finish('done')
  expect(await host.call('wait')).toContain('done')
  await acted()
  expect(host.forms.all()).toEqual([])
})

test('permission requests are shown one after the other, and not after they have ended', async () => {
  await calling('wait')
  for (const requestId of ['p1', 'p2', 'p3']) ask(requestId)
  const first = await host.forms.form(1)
  await acted()
  expect(host.forms.all()).toHaveLength(1)
  session.sink({ type: 'approval-withdrawn', requestId: 'p2' })
  answerForm(first)
  expect((await host.forms.form(2)).message).toContain('rm p3')
})

test.each([{}, { elicitation: { url: {} } }])(
  'the user of a host that declares %o is not asked',
  async (capabilities) => {
    await server.close()
    await start(capabilities)
    const { answer } = await calling('wait')
    ask('p1')
    expect(await answer).toContain('next: respond_permission')
    expect(host.forms.all()).toEqual([])
  },
)

test("an agent's own connection has no user, whatever its CLI declares", async () => {
  await server.close()
  await start({ elicitation: {} }, 1)
  const { answer } = await calling('wait')
  ask('p1')
  expect(await answer).toContain('asks permission p1')
  expect(host.forms.all()).toEqual([])
})

test('a host that disconnects leaves the permission request open', async () => {
  await calling('wait')
  ask('p1')
  await host.forms.form(1)
  await server.close()
  await new Promise(setImmediate)
  expect(listOpenQuestions(agent())).toHaveLength(1)
  const { host: other, close } = await server.connect('other')
  expect(
    await other.call('respond_permission', { agent_id: id, request_id: 'p1', decision: 'allow' }),
  ).toContain('allow: Bash')
  expect(answers()).toHaveLength(1)
  await close()
})

test('a cancelled call withdraws its form, and the next call shows it again', async () => {
  void host.request('tools/call', { name: 'wait', arguments: {} })
  await new Promise(setImmediate)
  ask('p1')
  const form = await host.forms.form(1)
  host.cancel()
  await acted()
  expect(form.isGone).toBe(true)
  await calling('wait')
  answerForm(await host.forms.form(2))
  await acted()
  expect(answers()).toHaveLength(1)
})

test('a form stays open as long as one waiting call of its host does', async () => {
  const { answer } = await calling('wait', { timeout_seconds: 5 })
  await calling('wait', { timeout_seconds: 9 })
  ask('p1')
  const form = await host.forms.form(1)
  server.clock.advance(5000)
  await answer
  await acted()
  expect(form.isGone).toBe(false)
  server.clock.advance(4000)
  await expect.poll(() => form.isGone).toBe(true)
  expect(listPendingApprovals(agent())).toHaveLength(1)
})

test("only the launching host's user is asked, and another host's model is told so", async () => {
  const { host: other, close } = await server.connect('other', { capabilities: { elicitation: {} } })
  void other.call('wait', { agent_ids: [id] })
  await calling('wait')
  ask('p1')
  await host.forms.form(1)
  const asked = 'the user is being asked in'
  expect(await other.call('list_agents')).toContain(`permission_requested`)
  expect(await other.call('poll_agent', { agent_id: id })).toContain(
    `${asked} the host that launched it\nnext: wait`,
  )
  expect(await host.call('poll_agent', { agent_id: id })).toContain(
    `asks permission p1: Bash {"command":"rm p1"}\ndenied in 5 min if nobody answers\n${asked} test\nnext: wait`,
  )
  expect(await host.call('list_agents')).toContain(`, ${asked} test`)
  expect(other.forms.all()).toEqual([])
  await close()
})

test('a wait that times out and its progress say that the user is being asked', async () => {
  const { answer } = await calling('wait', { timeout_seconds: 40 })
  ask('p1')
  await host.forms.form(1)
  server.clock.advance(1000)
  server.clock.advance(39_000)
  expect(await answer).toMatch(
    new RegExp(
      `^agent ${id}, permission_requested, .*, the user is being asked in test\ntimed out, 1 still running, next: wait again`,
    ),
  )
  expect(host.seen.map(({ params }) => params?.message)).toContain(
    `${id} opus 1s · permission requested · Bash: rm p1, the user is being asked in test`,
  )
})

test('the user can be asked for a task while its invoke is open', async () => {
  const { answer } = await calling('invoke', { agent: 'reviewer', task: 'review it' })
  session = server.driver.sessions.at(-1) ?? session
  await session.open()
  ask('p1')
  answerForm(await host.forms.form(1))
  await acted()
  expect(answers()).toHaveLength(1)
  session.finish('no fault')
  expect(await answer).toContain('no fault')
})
