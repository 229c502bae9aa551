import { installFakeClaude, installFakeCodex, startTraceReceiver, thorough } from '@subagent-mcp/testkit'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, startMcp } from '../daemon/cli-daemon.test.support.js'
import { mayReceiveTraces, areTracesRequested } from './start-trace-export.js'

const theRuntime = useCliRuntime()

/** The span of a host that calls a tool. */
const [traceId, spanId] = ['ab'.repeat(16), 'cd'.repeat(8)]

test('the daemon sends the trace of a launch to the collector, as a part of the trace of its host', async () => {
  const [receiver, clis] = [await startTraceReceiver(), installClis()]
  const host = await startMcp(theRuntime(), ['serve'], {
    ...clis.variables,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_RESOURCE_ATTRIBUTES: 'team=blue',
    // Longer than the test: what is sent, the end of the daemon sends.
    OTEL_BSP_SCHEDULE_DELAY: '600000',
  })
  launchTraced(host)
  host.call(3, 'wait', {})
  await expect.poll(() => host.answers.get(3)).toContain('done')
  expect(receiver.spans()).toEqual([])
  expect((await theRuntime().run(['daemon', 'stop'])).code).toBe(0)
  expect(receiver.tree()).toBe(`invoke_agent
  queue
  open codex
  failover
    open claude
  chat haiku
    execute_tool Bash
  check
    gate`)
  const spans = receiver.spans()
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
  expect(spans.find(({ name }) => name === 'invoke_agent')?.parentSpanId).toBe(spanId)
  expect(spans[0]?.resource).toMatchObject({ 'service.name': 'subagent-mcp', team: 'blue' })
  expect(JSON.stringify(spans)).not.toContain('done')
  host.child.stdin.end()
  await host.end
  await receiver.close()
  clis.remove()
})

test(
  'a collector that is gone changes nothing for agents, and holds up the end of the daemon for two seconds',
  thorough,
  async () => {
    const [receiver, clis] = [await startTraceReceiver(), installClis()]
    await receiver.close()
    const variables = { ...clis.variables, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const host = await startMcp(theRuntime(), ['serve'], variables)
    launchTraced(host)
    host.call(3, 'wait', {})
    await expect.poll(() => host.answers.get(3)).toContain('done')
    const { pid } = await clientOf(theRuntime()).health()
    expect(await theRuntime().run(['daemon', 'stop'])).toMatchObject({ code: 0, stderr: '' })
    expect(theRuntime().log()).toContain(`daemon ${pid} has ended`)
    host.child.stdin.end()
    await host.end
    clis.remove()
  },
)

test('without the variables nothing of OpenTelemetry is loaded: its SDK is one file, which is imported only when needed', () => {
  const folder = join(inject('cli'), 'dist')
  const files = readdirSync(folder).filter((name) => /js$/.test(name))
  const texts = new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  const [sdk = '', ...others] = files.filter((name) => texts.get(name)?.includes('OTEL_TRACES_SAMPLER'))
  expect([sdk, others]).toEqual([expect.stringMatching(/^export-traces/), []])
  const users = files.filter((name) => name !== sdk && texts.get(name)?.includes(sdk))
  expect(users).toHaveLength(1)
  // A dynamic import in CommonJS.
  for (const name of users) expect(texts.get(name)).toContain(`.then(() => require("./${sdk}"))`)
})

test.each([
  [{}, false],
  [{ OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c' }, true],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
  [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, false],
  [{ OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' }, false],
])('with %j traces are sent: %s', (environment, wants) => {
  expect(areTracesRequested(environment)).toBe(wants)
})

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['Collector.example', true],
  ['127.0.0.1.example', false],
  ['other.example', false],
  ['0.0.0.0', false],
])('traces may be sent to %s: %s', (host, may) => {
  expect(mayReceiveTraces(host, ['collector.example'])).toBe(may)
})

test('a collector on another machine gets nothing that config.jsonc does not allow', async () => {
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other.example:4318' }
  expect((await theRuntime().run(['daemon', 'start'], variables)).code).toBe(0)
  expect(theRuntime().log()).toContain('no traces are sent to other.example: add it to traceHosts')
})

/** Installs a Codex that cannot start, and a Claude that answers. */
function installClis() {
  const [claude, codex] = [installFakeClaude('well'), installFakeCodex('dies-before-first-line')]
  return {
    variables: {
      ANTHROPIC_API_KEY: 'dummy',
      OPENAI_API_KEY: 'dummy',
      SUBAGENT_MCP_CLAUDE_PATH: claude.executable,
      SUBAGENT_MCP_CODEX_PATH: codex.executable,
    },
    remove: () => {
      claude.remove()
      codex.remove()
    },
  }
}

/** Launches an agent that runs a tool and answers, in a call that names its span. */
function launchTraced({ child }: Awaited<ReturnType<typeof startMcp>>): void {
  const input = {
    prompt: '[[tool: Bash {"command":"ls"}]] [[say: done]]',
    ...{ task_category: 'mechanical', prefer: 'codex', permissions: 'accept-edits' },
    accept: { run: ['test -d .'] },
  }
  const _meta = { traceparent: `00-${traceId}-${spanId}-01` }
  const params = { name: 'launch_agent', arguments: input, _meta }
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params })}\n`)
}
