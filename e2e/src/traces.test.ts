import { startTraceReceiver, thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { daemonPid } from './home-daemons.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured')

test(
  '[traces] what an agent on the real Claude did is a trace, and what a killed daemon had begun is one, too',
  thorough,
  async () => {
    const receiver = await startTraceReceiver()
    const { host, launch, home, subagentMcp } = await stage().restart({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    })
    const id = await launch('[[tool: Bash {"command":"ls"}]] [[usage: input=1000 output=50]] [[say: done]]')
    await host.call('wait', {})
    await expect
      .poll(receiver.tree)
      .toMatch(/^invoke_agent\n {2}queue\n {2}open claude\n {2}chat \S+\n {4}execute_tool Bash$/)
    const named = (start: string) => receiver.spans().filter(({ name }) => name.startsWith(start))
    expect(named('invoke_agent')[0]?.attributes).toMatchObject({ 'gen_ai.agent.id': id })
    const [turn] = named('chat')
    expect(turn?.attributes['gen_ai.usage.output_tokens']).toBeGreaterThan(0)
    expect(turn?.attributes['gen_ai.conversation.id']).toEqual(expect.any(String))

    const killed = await launch('[[hang]]')
    await expect.poll(() => named('open claude')).toHaveLength(2)
    process.kill(await daemonPid(home.home), 'SIGKILL')
    await subagentMcp('ps')
    await expect.poll(() => named('invoke_agent')).toHaveLength(2)
    expect(named('invoke_agent')[1]?.attributes).toMatchObject({
      'gen_ai.agent.id': killed,
      'subagent_mcp.recovered': true,
    })
    await receiver.close()
  },
)
