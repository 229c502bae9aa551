import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { defaultRoutingTable } from '@subagent-mcp/routing'
import {
  checkForLeaks,
  createManualClock,
  createManualDriver,
  startTraceReceiver,
  type ManualDriver,
  type ReceivedSpan,
} from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'
import { isMessageCaptureRequested, traceAgents, type TraceOptions } from './trace-agents.js'

checkForLeaks()

/** The key of a made-up token, which has the form of a real one. */
const secret = `ghp_${'a1B2'.repeat(9)}`
const asked = `fix it with ${secret}`

/** The span of a host that calls a tool. */
const [traceId, spanId] = ['ab'.repeat(16), 'cd'.repeat(8)]
const traceparent = `00-${traceId}-${spanId}-01`

test('a launch is a trace with queue, failed candidate, failover, turn, tool call, permission, check and gate', async () => {
  const { runtime, claude, codex, clock, finish } = await startTraced()
  const agent = await runtime.launch({ ...work, accept: { run: ['test -d .', 'exit 3'], tries: 0 } })
  clock.advance(1_000)
  await sessionOf(claude).open({ type: 'failed', failure: { reason: 'not-signed-in', message: 'sign in' } })
  const session = sessionOf(codex)
  clock.advance(1_000)
  await session.open()
  session.sink({ type: 'session-identified', sessionId: 's1', model: 'gpt-test' })
  session.sink({ type: 'tool-started', callId: 'c1', tool: 'Bash', input: { command: asked } })
  clock.advance(1)
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: { command: 'rm -rf /' } })
  clock.advance(1_000)
  agent.answer('allow')
  clock.advance(1_000)
  session.sink({ type: 'tool-ended', callId: 'c1', failed: true, output: asked })
  reportTokenUsage(session)
  const result = agent.result()
  session.finish(asked)
  await result
  const { receiver } = await finish()
  expect(receiver.tree()).toBe(`invoke_agent fixer
  queue
  open claude
  failover
    open codex
  chat gpt-5
    execute_tool Bash
    permission
  check
    gate
    gate`)
  const spans = receiver.spans()
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const named = (name: string) => spans.find((span) => span.name === name)
  expect(named('invoke_agent fixer')?.error).toBe('')
  expect(named('invoke_agent fixer')?.attributes).toMatchObject({
    'error.type': 'rejected',
    'subagent_mcp.status': 'errored',
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': 'openai',
    'gen_ai.agent.id': agent.id,
    'gen_ai.agent.name': 'fixer',
    'gen_ai.conversation.id': 's1',
  })
  expect(named('open claude')).toMatchObject({ error: '', attributes: { 'error.type': 'not-signed-in' } })
  expect(lasted(named('open claude'))).toBe(1_000)
  expect(named('failover')?.attributes).toEqual({
    'subagent_mcp.failover.from': 'claude opus',
    'subagent_mcp.failover.to': 'codex gpt-5',
    'subagent_mcp.failover.reason': 'not-signed-in',
  })
  expect(named('chat gpt-5')?.attributes).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5',
    'gen_ai.response.model': 'gpt-test',
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 2,
    'subagent_mcp.turn.outcome': 'completed',
  })
  expect(named('execute_tool Bash')).toMatchObject({ error: '', attributes: { 'gen_ai.tool.call.id': 'c1' } })
  expect(lasted(named('execute_tool Bash'))).toBe(2_001)
  expect(lasted(named('permission'))).toBe(1_000)
  expect(named('permission')?.attributes).toMatchObject({ 'subagent_mcp.permission.decision': 'allow' })
  expect(named('check')).toMatchObject({ error: '', attributes: { 'subagent_mcp.check.grade': 'rejected' } })
  const gates = spans.filter(({ name }) => name === 'gate')
  expect(gates.map(({ attributes, error }) => [attributes['subagent_mcp.gate.command'], error])).toEqual([
    ['test -d .', undefined],
    ['exit 3', ''],
  ])
  expect(JSON.stringify(receiver.spans())).not.toMatch(/fix it|ghp_|rm -rf/)
})

test('prompts, answers, arguments and results are in the spans only on request, with secrets masked', async () => {
  const { runtime, claude, finish } = await startTraced({ captureContent: true })
  const agent = await runtime.launch({ ...work, ...pinned, prompt: asked })
  const session = sessionOf(claude)
  await session.open()
  session.sink({ type: 'tool-started', callId: 'c1', tool: 'Read', input: { path: asked } })
  session.sink({ type: 'tool-ended', callId: 'c1', failed: false, output: `${asked} ${'x'.repeat(20_000)}` })
  const result = agent.result()
  session.finish(asked)
  await result
  const { receiver } = await finish()
  const { attributes = {} } = receiver.spans().find(({ name }) => name.startsWith('chat')) ?? {}
  const masked: unknown = expect.stringMatching(/^fix it with \[masked/)
  const parts = [{ type: 'text', content: masked }]
  expect(JSON.parse(String(attributes['gen_ai.input.messages']))).toEqual([{ role: 'user', parts }])
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    { role: 'assistant', parts, finish_reason: 'stop' },
  ])
  const tool = receiver.spans().find(({ name }) => name === 'execute_tool Read')?.attributes ?? {}
  expect(tool['gen_ai.tool.call.arguments']).toContain('fix it with [masked')
  expect(String(tool['gen_ai.tool.call.result'])).toHaveLength(16_385)
  expect(JSON.stringify(receiver.spans())).not.toContain('ghp_')
})

test('each message to an agent at rest is a trace of its own, of the same conversation', async () => {
  const { runtime, claude, finish } = await startTraced()
  const agent = await runtime.launch({ ...work, ...pinned })
  const session = sessionOf(claude)
  await session.open()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  session.finish()
  agent.send('more')
  session.sink({ type: 'tool-started', callId: 'c1', tool: 'Bash', input: {} })
  await agent.kill()
  const { receiver } = await finish()
  const works = receiver.spans().filter(({ name }) => name === 'invoke_agent fixer')
  expect(works.map(({ attributes }) => attributes['subagent_mcp.status'])).toEqual(['finished', 'stopped'])
  expect(works.map(({ attributes }) => attributes['gen_ai.conversation.id'])).toEqual(['s1', 's1'])
  expect(new Set(works.map(({ traceId }) => traceId)).size).toBe(2)
  // A tool call that was running when the agent was stopped has ended, too.
  expect(receiver.tree()).toContain('  chat opus\n    execute_tool Bash')
})

test('a launch continues the trace of its request, and the launch of an agent that of its tool call', async () => {
  const { runtime, claude, finish } = await startTraced()
  const host = runtime.connect({ cwd: process.cwd(), environment: {} })
  const launched = await host.port.agents.launch({
    ...work,
    ...pinned,
    traceparent,
  })
  const parent = sessionOf(claude)
  await parent.open()
  parent.sink({ type: 'tool-started', callId: 'c1', tool: 'launch_agent', input: {} })
  const { profile, route } = launched.agent
  runtime.supervisor.dispatch({
    ...{ type: 'launch-requested', at: profile.launchedAt, route, notes: [] },
    profile: { ...profile, id: 'sub', traceparent: '00-nonsense', origin: ['mark', profile.id] },
    prompt: { id: 'm', text: 'x' },
  })
  await sessionOf(claude).open()
  host.disconnect()
  const { receiver } = await finish()
  expect(receiver.tree()).toContain('    execute_tool launch_agent\n      invoke_agent fixer\n')
  expect(new Set(receiver.spans().map((span) => span.traceId))).toEqual(new Set([traceId]))
  const [root] = receiver.spans().filter(({ parentSpanId }) => parentSpanId === spanId)
  expect(root?.attributes).toMatchObject({ 'gen_ai.agent.id': profile.id })
})

test('the work of a runtime that died is a span that says so, in the trace of its request', async () => {
  const { claude, runtime, finish } = await startTraced()
  const host = runtime.connect({ cwd: process.cwd(), environment: {} })
  const { agent } = await host.port.agents.launch({ ...work, ...pinned, traceparent })
  await sessionOf(claude).open()
  const facts = runtime.history.read({ limit: 1_000 }).facts.map(({ fact }) => fact)
  await finish()
  const next = await startTraced()
  next.clock.advance(5_000)
  next.runtime.supervisor.adopt(facts)
  const { receiver } = await next.finish()
  expect(receiver.tree()).toBe('invoke_agent fixer\n  chat opus')
  const lost = receiver.spans().find(({ name }) => name === 'invoke_agent fixer')
  expect(lost?.attributes).toMatchObject({
    'gen_ai.agent.id': agent.profile.id,
    'error.type': 'crashed',
    'subagent_mcp.recovered': true,
  })
  expect(lost).toMatchObject({ traceId, parentSpanId: spanId })
  expect(lasted(lost)).toBe(5_000)
})

test('a tracer that throws, and a receiver that is gone, do not disturb an agent', async () => {
  const problems: unknown[] = []
  const { runtime, claude, receiver } = await startTraced()
  const broken = new Error('broken')
  const stop = traceAgents(runtime, {
    provider: {
      getTracer: () => ({
        startSpan: () => {
          throw broken
        },
        startActiveSpan: () => {
          throw broken
        },
      }),
    },
    onProblem: (problem) => problems.push(problem),
  })
  await receiver.close()
  const agent = await runtime.launch({ ...work, ...pinned })
  await sessionOf(claude).open()
  const result = agent.result()
  sessionOf(claude).finish('done')
  expect(await result).toMatchObject({ status: 'finished', text: 'done' })
  expect(new Set(problems)).toEqual(new Set([broken]))
  stop()
  await runtime.close()
})

test.each([
  ['true', true],
  ['SPAN_ONLY', true],
  ['span_and_event', true],
  ['EVENT_ONLY', false],
  ['NO_CONTENT', false],
  ['', false],
  [undefined, false],
])('the variable of the convention with %s captures: %s', (value, captures) => {
  expect(isMessageCaptureRequested({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value })).toBe(
    captures,
  )
})

const work = {
  prompt: asked,
  cwd: process.cwd(),
  name: 'fixer',
  category: 'coding',
  permissions: 'ask',
} as const
const pinned = { provider: 'claude', model: 'opus' } as const

/** A runtime with two drivers that the test controls, whose traces go to a real receiver by the SDK's own exporter. */
async function startTraced(options: TraceOptions = {}) {
  const [claude, codex, clock] = [createManualDriver(), createManualDriver('codex'), createManualClock()]
  const receiver = await startTraceReceiver()
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` })
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const table = defaultRoutingTable()
  const candidates = [
    { provider: 'claude', model: 'opus' },
    { provider: 'codex', model: 'gpt-5' },
  ]
  const runtime = createRuntime({
    ...{ drivers: [claude, codex], clock },
    routingOf: () => ({ ...table, categories: { ...table.categories, coding: { candidates } } }),
  })
  traceAgents(runtime, { provider, ...options })
  const finish = async () => {
    await runtime.close()
    await provider.shutdown()
    await receiver.close()
    return { receiver }
  }
  return { runtime, claude, codex, clock, receiver, finish }
}

function sessionOf(driver: ManualDriver) {
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  return session
}

function reportTokenUsage({ sent, sink }: ReturnType<typeof sessionOf>): void {
  for (const command of sent)
    if (command.type === 'prompt')
      sink({ type: 'usage-reported', turnId: command.turnId, usage: { inputTokens: 7, outputTokens: 2 } })
}

function lasted(span: ReceivedSpan | undefined): number | undefined {
  return span && span.end - span.start
}
