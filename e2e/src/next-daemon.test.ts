import { processIs, startTime } from '@subagent-mcp/driver-kit'
import { connectDaemon } from '@subagent-mcp/daemon'
import { expect, test } from 'vitest'
import { claudePath } from './cli-paths.js'
import { daemonSockets } from './end-daemon.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

test('[next-daemon] a claude session whose daemon is restarted, then killed, waits for the agent that it launched before', async () => {
  const { model, ours, run } = stage()
  await ours('setup', '--host', 'claude', '--yes', '--no-hooks')
  const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
  const ourTool = (name: string, input: object) =>
    ({ type: 'tool', tool: `mcp__subagent-mcp__${name}`, input }) as const
  model.script([
    {
      match: 'DELEGATE IT',
      to: 'anthropic',
      steps: [
        ourTool('launch_agent', { ...launch, prompt: '[[say: pong from below]]' }),
        { type: 'gate', name: 'restarted' },
        ourTool('list_agents', {}),
        { type: 'gate', name: 'killed' },
        ourTool('wait', {}),
      ],
    },
  ])
  const session = run([claudePath, '-p', 'DELEGATE IT'])
  const results = (count: number) =>
    model.waitForRequest(({ bodyText }) => bodyText.split('"tool_result"').length > count)
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
})

async function daemonOf(home: string): Promise<number> {
  const [socketPath = ''] = daemonSockets(home)
  return (await connectDaemon({ socketPath }).health()).pid
}
