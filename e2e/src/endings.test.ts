import type { TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'
import { claudePath } from './cli-paths.js'
import { pinnedClaude, serverScript } from './mcp-host.js'
import { processesOf, untilProcessesGone } from './processes.js'

const stage = useServerStage({}, 'in-process')

const sleeps =
  '[[tool: Bash {"command":"sleep 1000 & setsid sleep 1000 & sleep 1000","description":"sleep"}]] [[say: woke]]'

/**
 * Launches an agent and returns its id when it is in a shell command that has started other processes, one of them in
 * another process group.
 */
async function inTool(): Promise<string> {
  const { launch, home } = stage()
  // The policy allows this command, because it changes nothing.
  const id = await launch(sleeps)
  await expect.poll(() => processesOf(home.home, 'sleep').length).toBe(3)
  return id
}

test('[kill-in-tool] killing an agent during a tool call leaves no process', async () => {
  const { host, home } = stage()
  const id = await inTool()
  expect((await host.call('kill_agent', { agent_id: id })).text).toBe(`agent ${id} stopped, no process left`)
  expect(processesOf(home.home, 'sleep')).toEqual([])
  expect(processesOf(home.home, 'claude')).toEqual([])
  expect((await host.call('list_agents')).agents).toMatchObject([{ status: 'stopped', alive: false }])
})

test('[cli-killed] a CLI that is killed during a turn shows as crashed', async () => {
  const { launch, host, home, model } = stage()
  const id = await launch('[[say: half]] [[hang]]')
  await model.waitForRequest(({ userText }) => userText?.includes('half') ?? false)
  await host.call('send_message', { agent_id: id, message: 'never sent' })
  const [claude] = processesOf(home.home, 'claude')
  process.kill(claude?.pid ?? Number.NaN, 'SIGKILL')
  const { text, agents } = await host.call('wait')
  expect(agents).toMatchObject([{ status: 'errored', alive: false, failure: { reason: 'crashed' } }])
  expect(agents[0]?.turns).toHaveLength(1)
  expect(text).toContain('errored: crashed: ')
  expect(text).toContain('1 queued message(s) NOT delivered')
  expect(text).toContain('no agent is running')
})

test('[server-killed] when our server is killed, every child is gone within 5 s', async () => {
  const { host, home } = stage()
  await inTool()
  process.kill(host.pid, 'SIGKILL')
  expect(await untilProcessesGone(home.home, 5_000)).toEqual([])
})

test('[host-gone] when the host is gone, the server and its children exit', async () => {
  const { home } = stage()
  const host = startRawHost(home)
  host.launch(sleeps)
  await expect.poll(() => processesOf(home.home, 'claude').length).toBe(1)
  // The host only closes stdin. It sends no signal, as an SDK would after a while.
  host.server.stdin.end()
  const { exitCode } = await host.server
  expect(exitCode).toBe(0)
  expect(processesOf(home.home, 'claude')).toEqual([])
})

/** Starts a server and writes lines to it without an SDK. */
function startRawHost({ cwd, environment }: TemporaryHome) {
  const server = execa(process.execPath, [serverScript, 'serve', '--in-process'], {
    cwd,
    env: { ...environment, SUBAGENT_MCP_CLAUDE_PATH: claudePath },
    extendEnv: false,
    reject: false,
  })
  const say = (message: object): void =>
    void server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'raw', version: '1' }
  say({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  })
  say({ method: 'notifications/initialized' })
  return {
    server,
    launch: (prompt: string) => {
      const input = { prompt, task_category: 'mechanical', ...pinnedClaude }
      say({ id: 2, method: 'tools/call', params: { name: 'launch_agent', arguments: input } })
    },
  }
}
