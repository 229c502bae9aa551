import { thorough } from '@subagent-mcp/testkit'
import { isSameProcessRunning, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { expect, test } from 'vitest'
import { codexPath } from './cli-paths.js'
import { daemonClient } from './home-daemons.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

// Claude is not tested: it restarts a server that has exited, and would hide that ours had.
test(
  '[next-daemon] a codex session whose daemon is restarted, then killed, waits for the agent that it had launched',
  thorough,
  async () => {
    const { model, subagentMcp, requireServer, run } = stage()
    await subagentMcp('setup', '--host', 'codex', '--yes', '--no-hooks')
    requireServer()
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
          // This call may reach our server before it notices that the daemon is gone. Then the call fails.
          ourTool('list_agents', {}),
          ourTool('wait', {}),
        ],
      },
    ])
    const session = run([codexPath, 'exec', '--skip-git-repo-check', 'DELEGATE IT'])
    const results = (count: number) =>
      model.waitForRequest(({ bodyText }) => bodyText.split('_call_output"').length > count)
    await results(1)
    const first = await daemonPid()
    await subagentMcp('daemon', 'restart')
    const second = await daemonPid()
    expect(second).not.toBe(first)
    model.release('restarted')
    await results(2)
    const daemon = { pid: second, startTime: readProcessStartTime(second) ?? '' }
    process.kill(second, 'SIGKILL')
    await expect.poll(() => isSameProcessRunning(daemon)).toBe(false)
    model.release('killed')
    expect((await session).stdout).toMatch(/agent \w+ turn 1 finished[^]*pong from below/)
    expect(model.requests.filter(({ userText }) => userText?.includes('pong from below'))).not.toEqual([])
  },
)

async function daemonPid(): Promise<number> {
  return (await daemonClient(stage().home.home).health()).pid
}
