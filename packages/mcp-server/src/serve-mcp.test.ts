import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { launchArguments, startManualServer, type ManualServer } from './manual-server.test.support.js'

let clock: ManualServer['clock']
let host: ManualServer['host']
let launched: ManualServer['launched']
let saved: ManualServer['saved']
let close: ManualServer['close']
let supervisor: ManualServer['supervisor']

beforeEach(async () => {
  ;({ clock, host, launched, saved, close, supervisor } = await startManualServer())
})

afterEach(() => close())

describe('errors name the wrong input and the next step', () => {
  test.each<[tool: string, input: object, expected: RegExp]>([
    [
      'launch_agent',
      { prompt: 'x', task_category: 'cooking' },
      /^unknown-category: .*'cooking'\nhint: use one of math_proof, /,
    ],
    ['launch_agent', { prompt: '', task_category: 'coding' }, /^invalid-parameter: prompt is empty/],
    [
      'launch_agent',
      { prompt: 'x', task_category: 'coding', promt: 1 },
      /^unknown-parameter: launch_agent has no parameter promt\nhint: launch_agent takes prompt, /,
    ],
    [
      'launch_agent',
      { prompt: 'x', task_category: 'coding', model: 'opus' },
      /^model-without-provider: .*\nhint: give provider/,
    ],
    ['poll_agent', { agent_id: 'zzzz' }, /^unknown-agent: no agent 'zzzz'\nhint: none has been launched/],
    ['wait', { agent_ids: ['zzzz'] }, /^unknown-agent/],
    ['wait', { agent_ids: [] }, /^invalid-parameter: agent_ids/],
    ['wait', { timeout_seconds: -1 }, /^invalid-parameter: timeout_seconds/],
    ['respond_permission', { agent_id: 'zzzz', decision: 'maybe' }, /^invalid-parameter: decision/],
    ['no_such_tool', {}, /^invalid-parameter: no tool 'no_such_tool'/],
  ])('%s %o', async (tool, input, expected) => {
    expect(await host.call(tool, input)).toMatch(expected)
    expect(host.seen.at(-1)?.result?.isError).toBe(true)
  })

  test('the error for an unknown agent lists the known ids', async () => {
    const { id } = await launched()
    expect(await host.call('kill_agent', { agent_id: 'zzzz' })).toContain(`agents are ${id}`)
  })
})

test('wait reports the answer, the time and the tokens', async () => {
  const { id, session } = await launched()
  const wait = host.call('wait')
  clock.advance(1500)
  session.sink({ type: 'usage-reported', turnId: 'm2', usage: { inputTokens: 12, outputTokens: 3 } })
  session.finish('The answer.')
  expect(await wait).toBe(
    `agent ${id} turn 1 finished in 1.5 s on claude/opus, 12 tokens in, 3 out\nThe answer.\n\nno agent is running, next: send_message to follow up, or launch_agent`,
  )
  expect(await host.call('wait', { agent_ids: [id] })).toContain('already reported')
})

test('an empty answer is flagged, and no normal success', async () => {
  const { session } = await launched()
  session.finish('  ')
  expect(await host.call('wait')).toContain('EMPTY ANSWER')
})

test('of a long answer the end is shown, with the path of the whole', async () => {
  const { id, session } = await launched()
  const answer = `${'x'.repeat(9000)} conclusion`
  session.finish(answer)
  const text = await host.call('wait')
  expect(text).toContain(`[last 4000 of 9011 characters; whole: /kept/${id}-turn-1]`)
  expect(text).toContain('conclusion')
  expect(saved.get(`${id}-turn-1`)).toBe(answer)
})

test('a permission request is shown whole and answered, with the next step', async () => {
  const { id, session } = await launched()
  session.sink({
    type: 'approval-requested',
    requestId: 'p1',
    tool: 'Bash',
    input: { command: 'rm -r build' },
  })
  expect(await host.call('wait', { until: 'all' })).toContain(
    `asks permission p1: Bash {"command":"rm -r build"}\nnext: respond_permission agent_id=${id} request_id=p1 decision=allow|deny`,
  )
  expect(await host.call('wait')).toMatch(
    /already reported\nasks permission p1[\s\S]*no agent is running, next: respond_permission$/,
  )
  expect(await host.call('poll_agent', { agent_id: id })).toMatch(/asks permission p1(?![\s\S]*send_message)/)
  expect(await host.call('respond_permission', { agent_id: id, decision: 'deny', reason: 'no' })).toBe(
    'deny: Bash {"command":"rm -r build"}\nnext: wait',
  )
  expect(session.sent.at(-1)).toEqual({ type: 'answer', requestId: 'p1', decision: 'deny', reason: 'no' })
})

test('a long permission request is shown from both ends, with the path of the whole', async () => {
  const { id, session } = await launched()
  const command = `echo ${'harmless '.repeat(1000)}; rm -rf ~`
  session.sink({ type: 'approval-requested', requestId: 'p/1', tool: 'Bash', input: { command } })
  const text = await host.call('wait')
  expect(text).toMatch(
    new RegExp(`Bash {"command":"echo harmless .*characters in all; whole: /kept/${id}-permission-p_1`),
  )
  expect(text).toContain('; rm -rf ~"}\nnext: respond_permission')
  expect(saved.get(`${id}-permission-p_1`)).toContain(command)
  expect((await host.call('respond_permission', { agent_id: id, decision: 'deny' })).length).toBeLessThan(300)
})

test('the text of a running turn does not replace an earlier answer on disk', async () => {
  const { id, session } = await launched()
  session.finish('1'.repeat(9000))
  await host.call('wait')
  await host.call('send_message', { agent_id: id, message: 'more' })
  session.sink({ type: 'message-ended', text: '2'.repeat(9000) })
  await host.call('poll_agent', { agent_id: id })
  expect(saved.get(`${id}-turn-1`)).toBe('1'.repeat(9000))
  expect(saved.get(`${id}-turn-2`)).toBe('2'.repeat(9000))
})

test('a cut text is well-formed', async () => {
  const { id, session } = await launched()
  session.finish(`x${'😀'.repeat(3000)}`)
  expect((await host.call('wait')).isWellFormed()).toBe(true)
  expect((await host.call('poll_agent', { agent_id: id })).isWellFormed()).toBe(true)
})

test('a failure is reported with its reason, its hint and the end of stderr', async () => {
  const { session } = await launched()
  const failure = {
    reason: 'rate-limited',
    message: 'too many',
    resetsAt: 0,
    hint: 'wait',
    stderrTail: 'boom',
  } as const
  session.sink({ type: 'turn-ended', turnId: 'm2', outcome: { type: 'failed', failure } })
  const text = await host.call('wait')
  expect(text).toContain(
    'errored: rate-limited: too many\nresets at 1970-01-01T00:00:00.000Z\nhint: wait\nstderr:\nboom',
  )
})

test('poll_agent shows the last three items with their age, and a hint when stalled', async () => {
  const { id, session } = await launched()
  session.sink({ type: 'tool-started', callId: 'c', tool: 'Read', input: { file_path: '/x' } })
  clock.advance(2000)
  session.sink({ type: 'text-delta', text: 'Reading it' })
  clock.advance(600_000)
  const text = await host.call('poll_agent', { agent_id: id })
  expect(text).toContain('stalled, alive, idle 600 s, turn 1, claude/opus high for coding')
  expect(text).toContain('  602 s ago tool Read {"file_path":"/x"}\n  600 s ago writing Reading it')
  expect(text).toContain('hint: silent, not failed')
})

test('a cancelled wait gets no answer and loses no report', async () => {
  const { id, session } = await launched()
  void host.request('tools/call', { name: 'wait', arguments: {} })
  await host.call('list_agents')
  host.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}')
  await host.call('list_agents')
  session.finish('kept')
  expect(await host.call('wait')).toContain(`agent ${id} turn 1`)
  expect(host.seen.some((answer) => answer.id === 3)).toBe(false)
})

test('a report that was written to a disconnecting host is delivered to the next one', async () => {
  const { id, session } = await launched()
  session.finish('kept')
  await host.call('wait')
  await close()
  expect(supervisor.state().agents.get(id)?.delivered).toEqual({})
})

test('a report whose call is cancelled while it is answered is delivered again', async () => {
  const { id, session } = await launched()
  session.finish('kept')
  await host.request('tools/call', { name: 'wait', arguments: {} })
  host.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}')
  expect(await host.call('wait')).toContain(`agent ${id} turn 1`)
})

test('an interrupted agent is reported with its text and the next step', async () => {
  const { id, session } = await launched()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  session.sink({ type: 'message-ended', text: 'halfway there' })
  supervisor.dispatch({ type: 'recovered', at: clock.now(), agentId: id })
  expect(await host.call('wait')).toContain(
    'interrupted\nsaid before:\nhalfway there\nnext: send_message goes on in its session',
  )
})

test('a received report is not delivered again', async () => {
  const { id, session } = await launched()
  session.finish('kept')
  await host.call('wait')
  clock.advance(1000)
  expect(supervisor.state().agents.get(id)?.delivered).toEqual({ me: 1 })
})

test('wait sends progress when things happen, and when nothing does', async () => {
  const { id, session } = await launched()
  const wait = host.call('wait')
  await host.call('list_agents')
  session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: 'ls' })
  clock.advance(1000)
  clock.advance(15_000)
  session.finish()
  await wait
  const messages = host.seen
    .filter(({ method }) => method === 'notifications/progress')
    .map(({ params }) => params?.message)
  expect(messages).toEqual([
    `${id} opus 0s`,
    `${id} opus 1s · 1 tool · Bash: ls`,
    `${id} opus 16s · 1 tool · Bash: ls`,
  ])
})

test('progress names agents by name, says how many are done, and shows no whole command', async () => {
  const first = await launched('auth-review')
  const second = await launched('docs')
  const wait = host.call('wait', { until: 'all' })
  await host.call('list_agents')
  const input = { command: 'npm test -- --reporter=dot packages/core packages/pool' }
  first.session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input })
  clock.advance(29_000)
  second.session.finish()
  clock.advance(1000)
  clock.advance(15_000)
  first.session.finish()
  await wait
  const last = host.seen.findLast(({ method }) => method === 'notifications/progress')?.params
  expect(last?.message).toBe('auth-review opus 45s · 1 tool · Bash: npm test -- --reporter=dot packages/cor…')
  expect(Math.floor(Number(last?.['progress']))).toBe(1)
  expect(last?.['total']).toBe(2)
})

test('a wait that times out lists running agents and the next step', async () => {
  const { id } = await launched()
  const wait = host.call('wait', { timeout_seconds: 5 })
  await host.call('list_agents')
  clock.advance(5000)
  expect(await wait).toMatch(
    new RegExp(`^agent ${id}, processing, .*\ntimed out, 1 still running, next: wait again`),
  )
})

test('a message to a busy agent is queued, to an idle one starts a turn, to a dead one is refused', async () => {
  const { id, session } = await launched()
  const send = { agent_id: id, message: 'more' }
  expect(await host.call('send_message', send)).toContain('queued as number 1')
  expect(await host.call('send_message', { ...send, steer: true })).toMatch(/^not-supported/)
  session.finish()
  session.finish()
  expect(await host.call('send_message', send)).toContain('its next turn has started')
  expect(await host.call('kill_agent', { agent_id: id })).toBe(`agent ${id} stopped, no process left`)
  expect(await host.call('kill_agent', { agent_id: id })).toBe(`agent ${id} had ended already`)
  expect(await host.call('send_message', send)).toMatch(/^agent-dead/)
})

test('a message to an agent with a closed session resumes it, and the answer says so', async () => {
  await close()
  ;({ clock, host, launched, saved, close, supervisor } = await startManualServer({
    limits: { idleCloseAfter: 600_000 },
  }))
  const { id, session } = await launched()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  session.finish()
  clock.advance(600_000)
  expect(await host.call('list_agents')).toContain('finished, not alive')
  expect(await host.call('send_message', { agent_id: id, message: 'more' })).toBe(
    'its session is opened again\nnext: wait',
  )
})

test('the prompt of an agent that is being opened is not shown as a queued message', async () => {
  await host.call('launch_agent', launchArguments)
  expect(await host.call('list_agents')).toMatch(
    /^agent \w+, processing, alive, idle 0 s, turn 1, claude\/opus high for coding$/,
  )
})
