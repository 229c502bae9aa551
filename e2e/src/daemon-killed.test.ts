import { connectDaemon } from '@subagent-mcp/daemon'
import { installFakeClaude, processesWith } from '@subagent-mcp/testkit'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { arenaEnvironment, launchOn, useArena } from './arena.js'
import { daemonSockets } from './end-daemon.js'
import { playHost, type AgentData, type Host } from './play-host.js'
import { processesOf } from './processes.js'
import { printCounts, rounds } from './rounds.js'

const arena = useArena()
const kills = rounds(3, 50)

/** Milliseconds: in some rounds the CLIs are still on their way up, in others a turn has ended. */
const longestLife = 1_500

/** What a host was answered before its daemon was killed. */
type Answered = { launched: string[]; finished: Set<string> }

async function killDaemon(): Promise<void> {
  const [socketPath = ''] = daemonSockets(arena().home.home)
  const { pid } = await connectDaemon({ socketPath }).health()
  process.kill(pid, 'SIGKILL')
}

/** The processes that a daemon started: each carries the mark of its supervisor. */
function agentProcesses(): number[] {
  const { home } = arena().home
  const marked = new Set(processesWith('SUBAGENT_MCP_NONCE='))
  return processesOf(home).flatMap(({ pid }) => (marked.has(pid) ? [pid] : []))
}

async function untilNone(limitMs: number): Promise<number> {
  const deadline = Date.now() + limitMs
  while (agentProcesses().length > 0 && Date.now() < deadline) await delay(20)
  return agentProcesses().length
}

/** A host that launches and waits until the daemon dies under it. */
async function liveUntilKilled(host: Host, prompts: readonly string[]): Promise<Answered> {
  const answered: Answered = { launched: [], finished: new Set() }
  const waitOn = async (): Promise<void> => {
    for (;;) {
      const { agents } = await host.call('wait', {
        agent_ids: answered.launched,
        until: 'any',
        timeout_seconds: 5,
      })
      for (const { id, status } of agents) if (status === 'finished') answered.finished.add(id)
      if (agents.length === answered.finished.size) return
    }
  }
  const working = (async () => {
    for (const prompt of prompts) answered.launched.push(await launchOn(host, prompt))
    await waitOn()
  })()
  await Promise.race([working.catch(() => undefined), delay(Math.random() * longestLife)])
  await killDaemon()
  await Promise.allSettled([working])
  await host.close()
  return answered
}

function falseStates(agents: readonly AgentData[], { launched, finished }: Answered): string[] {
  return launched.flatMap((id) => {
    const agent = agents.find((each) => each.id === id)
    if (!agent) return [`${id} is lost`]
    const isRight = finished.has(id)
      ? agent.status === 'finished'
      : ['finished', 'interrupted'].includes(agent.status)
    return isRight && !agent.alive ? [] : [`${id} is ${agent.status}, ${agent.alive ? 'alive' : 'not alive'}`]
  })
}

async function killRounds(name: string, variables: Record<string, string>): Promise<void> {
  const { home, host } = await arena().configure({ limits: { launchesPerMinute: 10_000 } })
  await host.close()
  const counts = { rounds: kills, launched: 0, finished: 0, survivors: 0, 'false states': 0 }
  for (let round = 0; round < kills; round += 1) {
    const environment = arenaEnvironment(home, variables)
    const answered = await liveUntilKilled(await playHost({ cwd: home.cwd, environment }), [
      '[[say: done]]',
      '[[say: half]] [[hang]]',
    ])
    counts.survivors += await untilNone(5_000)
    const next = await playHost({ cwd: home.cwd, environment })
    const wrong = falseStates((await next.call('list_agents')).agents, answered)
    await next.close()
    expect(wrong, `round ${round}`).toEqual([])
    counts['false states'] += wrong.length
    counts.launched += answered.launched.length
    counts.finished += answered.finished.size
  }
  printCounts(name, counts)
  expect(counts.launched).toBeGreaterThan(kills / 2)
  expect(counts.survivors).toBe(0)
}

test(
  '[daemon-killed] whenever the daemon is killed, no CLI survives 5 s, and the next one knows all that was answered',
  () => killRounds('daemon killed at random moments, real claude', {}),
  kills * 15_000,
)

test(
  '[daemon-killed] the same with a CLI that is faster than a real one',
  async () => {
    const fake = installFakeClaude('ignores-term')
    await killRounds('daemon killed at random moments, fake claude', {
      SUBAGENT_MCP_CLAUDE_PATH: fake.executable,
    })
    fake.remove()
  },
  kills * 15_000,
)

test('[resume] an agent whose daemon was killed in mid-turn goes on in its own session', async () => {
  const { home, host, launch, model } = arena()
  const id = await launch('My word is heliotrope. [[say: Noted.]]')
  await host.call('wait')
  await host.call('send_message', { agent_id: id, message: '[[say: half]] [[hang]]' })
  await model.waitForRequest(({ userText }) => userText?.includes('[[hang]]') ?? false)
  await killDaemon()
  await host.close()
  const next = await playHost({ cwd: home.cwd, environment: arenaEnvironment(home) })
  const told = await next.call('wait')
  expect(told.agents).toMatchObject([{ id, status: 'interrupted', alive: false }])
  const sent = await next.call('send_message', { agent_id: id, message: 'Which word? [[recall]]' })
  expect(sent.text).toContain('its session is opened again')
  expect((await next.call('wait')).text).toContain('heliotrope')
  await next.close()
})
