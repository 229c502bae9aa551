import { thorough } from '@subagent-mcp/testkit'
import { processIs, startTime } from '@subagent-mcp/driver-kit'
import { connectDaemon } from '@subagent-mcp/client'
import { expect, test } from 'vitest'
import { codexPath } from './cli-paths.js'
import { daemonSockets } from './end-daemon.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

// Claude starts a server that has ended again, and would hide that ours had.
test(
  '[next-daemon] a codex session whose daemon is restarted, then killed, waits for the agent that it launched before',
  thorough,
  async () => {
    const { model, ours, requireOurs, run } = stage()
    await ours('setup', '--host', 'codex', '--yes', '--no-hooks')
    requireOurs()
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    const ourTool = (name: string, input: object) =>
      ({ type: 'tool', tool: `mcp__subagent_mcp.${name}`, input }) as const
    model.script([
      {
        match: 'DELEGATE IT',
        to: 'openai',
        steps: [
          ourTool('launch_agent', { ...launch, prompt: '[[say: pong from below]]' }),
          { type: 'gate', name: 'restarted' },
          ourTool('list_agents', {}),
          { type: 'gate', name: 'killed' },
          // It may reach our server before the end of the daemon does: then this call gets the error.
          ourTool('list_agents', {}),
          ourTool('wait', {}),
        ],
      },
    ])
    const session = run([codexPath, 'exec', '--skip-git-repo-check', 'DELEGATE IT'])
    const results = (count: number) =>
      model.waitForRequest(({ bodyText }) => bodyText.split('_call_output"').length > count)
    await results(1)
    const first = await daemonOf(stage().home.home)
    await ours('daemon', 'restart')
    const second = await daemonOf(stage().home.home)
    expect(second).not.toBe(first)
    model.release('restarted')
    await results(2)
    const daemon = { pid: second, startTime: startTime(second) ?? '' }
    process.kill(second, 'SIGKILL')
    await expect.poll(() => processIs(daemon)).toBe(false)
    model.release('killed')
    expect((await session).stdout).toMatch(/agent \w+ turn 1 finished[^]*pong from below/)
    expect(model.requests.filter(({ userText }) => userText?.includes('pong from below'))).not.toEqual([])
  },
)

async function daemonOf(home: string): Promise<number> {
  const [socketPath = ''] = daemonSockets(home)
  return (await connectDaemon({ socketPath }).health()).pid
}
