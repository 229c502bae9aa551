import { thorough } from '@subagent-mcp/testkit'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverEnvironment, launchFromHost, useServerStage } from './server-stage.js'
import { claudePath } from './cli-paths.js'
import { testEachCli } from './each-provider.js'
import { daemonClient } from './home-daemons.js'
import { pinnedClaude, startHost, serverScript, type Host } from './mcp-host.js'
import { agentProcesses, processesOf } from './processes.js'
import { writeUserConfig } from './user-config.js'

const stage = useServerStage({}, 'daemon', 'fake')

/** Lets agents run the real Claude, where its sessions or the tools that it offers are the promise. */
const realClaude = { SUBAGENT_MCP_CLAUDE_PATH: claudePath }

/** Starts another host of the same user, by default in the same project. */
function anotherHost(cwd = stage().home.cwd, variables = {}): Promise<Host> {
  return startHost({ cwd, environment: serverEnvironment(stage().home, variables) })
}

function client() {
  return daemonClient(stage().home.home)
}

async function statuses(): Promise<string[]> {
  return (await client().agents()).map(({ status }) => status)
}

test(
  '[one-daemon] two hosts in two folders share one daemon, and each has the agents of its project',
  thorough,
  async () => {
    const { home, host, launch } = stage()
    const elsewhere = join(home.home, 'elsewhere')
    mkdirSync(elsewhere)
    const other = await anotherHost(elsewhere)
    const mine = await launch('[[say: mine]]')
    const theirs = await launchFromHost(other, '[[say: theirs]]')
    expect((await other.call('wait')).text).toContain(`agent ${theirs} turn 1 finished`)
    expect((await host.call('wait')).text).toContain(`agent ${mine} turn 1 finished`)
    expect((await client().agents()).map(({ cwd }) => cwd)).toEqual([home.cwd, elsewhere])
    expect(processesOf(home.home).filter(({ command }) => command.includes('daemon run'))).toHaveLength(1)
    await other.close()
  },
)

test('[one-daemon] hosts that start in parallel share one daemon', async () => {
  const { home, restart } = stage()
  await restart({})
  const hosts = await Promise.all(Array.from({ length: 8 }, () => anotherHost()))
  const answers = await Promise.all(hosts.map((host) => host.call('list_agents')))
  expect(answers.every(({ isError }) => !isError)).toBe(true)
  expect((await client().health()).connections).toBe(9)
  expect(processesOf(home.home).filter(({ command }) => command.includes('daemon run'))).toHaveLength(1)
  await Promise.all(hosts.map((host) => host.close()))
})

test('[client-killed] the agent of a killed host finishes, and the next host gets its result once', async () => {
  const { host, launch, model } = stage()
  const id = await launch('[[gate: later]] [[say: still here]]')
  await expect.poll(statuses).toEqual(['processing'])
  process.kill(host.pid, 'SIGKILL')
  const next = await anotherHost()
  model.release('later')
  expect((await next.call('wait')).text).toContain(`agent ${id} turn 1 finished`)
  expect((await next.call('wait')).text).toMatch(/^no agent is running/)
  await next.close()
})

test('[host-exit] an agent that was launched to end with its host ends with it', async () => {
  const { home, host, launch } = stage()
  const kept = await launch('[[hang]]')
  const doomed = await launch('[[hang]]', { on_host_exit: 'kill' })
  await expect.poll(() => agentProcesses(home.home).length).toBe(2)
  await host.close()
  await expect.poll(() => agentProcesses(home.home).length).toBe(1)
  expect((await client().agents()).map(({ id, status }) => [id, status])).toEqual([
    [kept, 'processing'],
    [doomed, 'stopped'],
  ])
})

test(
  '[own-environment] each launch has the environment and the folder of its own caller, and no secret of it is written to disk',
  thorough,
  async () => {
    const { home, model, launch } = stage()
    const elsewhere = join(home.home, 'elsewhere')
    mkdirSync(elsewhere)
    const secret = 'sk-not-to-be-found-anywhere'
    const other = await anotherHost(elsewhere, { CLAUDE_CODE_OAUTH_TOKEN: secret })
    await launch('[[gate: look]] [[say: one]]')
    await launchFromHost(other, '[[gate: look]] [[say: two]]')
    await expect.poll(statuses).toEqual(['processing', 'processing'])
    await expect.poll(() => agentProcesses(home.home).length).toBe(2)
    const environments = agentProcesses(home.home).map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    expect(environments.filter((environment) => environment.includes(secret))).toHaveLength(1)
    model.release('look')
    await other.call('wait')
    await other.close()
    const folder = join(home.home, '.subagent-mcp')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(log|db.*|md)$/.test(name),
    )
    expect(files.length).toBeGreaterThan(1)
    for (const name of files) expect(readFileSync(join(folder, name)).includes(secret), name).toBe(false)
  },
)

test('[caps] a launch beyond the cap is queued, says its place, and starts by itself', thorough, async () => {
  const { model, host, launch } = stage()
  const ids = []
  for (let index = 0; index < 5; index += 1) ids.push(await launch(`[[gate: go]] [[say: ${index}]]`))
  const { text } = await host.call('launch_agent', {
    prompt: '[[say: last]]',
    task_category: 'mechanical',
    provider: 'claude',
    model: 'sonnet',
  })
  expect(text).toContain('queued as number 1, starts by itself: 5 claude turns run (maxTurnsPerProvider 5)')
  model.release('go')
  const all = await host.call('wait', { until: 'all' })
  expect(all.text.match(/turn 1 finished/g)).toHaveLength(6)
})

test('[caps] a launch with queue off is refused at the cap, and no agent is kept', thorough, async () => {
  const { host, launch } = await stage().configure({ limits: { maxTurnsPerProvider: 1 } })
  const id = await launch('[[hang]]')
  const options = { prompt: '[[say: no]]', task_category: 'mechanical', ...pinnedClaude, queue: false }
  const refused = await host.call('launch_agent', options)
  expect(refused.isError).toBe(true)
  expect(refused.text).toMatch(/^at-capacity: .*\(maxTurnsPerProvider 1\)\nhint: /)
  expect((await host.call('list_agents')).agents).toMatchObject([{ id }])
})

const models = { claude: 'sonnet', codex: 'gpt', gemini: 'flash' }

testEachCli(
  '[resume] an idle session of %s is closed, and the next message opens it again',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    writeUserConfig(stage().home.home, { idleCloseMinutes: 0.02 })
    const { home, host, launch, model } = await stage().restart(realClaude)
    const processes = () => processesOf(home.home).filter(({ command }) => command.includes(provider))
    const id = await launch('My word is heliotrope. [[gate: later]] [[say: Noted.]]', {
      provider,
      model: models[provider],
    })
    await model.waitForRequest(({ userText }) => userText?.includes('heliotrope') ?? false)
    expect(processes()).not.toEqual([])
    model.release('later')
    expect((await host.call('wait')).text).toContain(`agent ${id} turn 1 finished`)
    await expect.poll(processes, { timeout: 20_000 }).toEqual([])
    await expect
      .poll(async () => (await host.call('list_agents')).text)
      .toContain(`agent ${id}, finished, not alive`)
    const sent = await host.call('send_message', { agent_id: id, message: 'Which word? [[recall]]' })
    expect(sent.text).toContain('its session is opened again')
    const { text } = await host.call('wait')
    expect(text).toContain(`agent ${id} turn 2 finished`)
    expect(text).toContain('heliotrope')
  },
)

test('[no-recursion] an agent that reaches this server is not offered launch_agent', async () => {
  const { launch, host, home, model } = await stage().restart(realClaude)
  const server = { type: 'stdio', command: process.execPath, args: [serverScript, 'serve'], alwaysLoad: true }
  writeFileSync(join(home.home, '.claude.json'), JSON.stringify({ mcpServers: { ours: server } }))
  await launch('[[say: done]]', { mcp: 'inherit' })
  await host.call('wait')
  const request = model.requests.findLast(({ userText }) => userText?.includes('[[say: done]]'))
  expect(request?.bodyText).toContain('mcp__ours__list_agents')
  expect(request?.bodyText).not.toContain('mcp__ours__launch_agent')
})
