import { installFakeClaude, soakOnly, thorough, startLimit } from '@subagent-mcp/testkit'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { serverEnvironment, launchFromHost, useServerStage } from './server-stage.js'
import { daemonClient } from './home-daemons.js'
import { startHost, type Host } from './mcp-host.js'
import { agentProcesses } from './processes.js'
import { printCounts, roundCount } from './rounds.js'

const stage = useServerStage()
const kills = roundCount(2, 50)

/** Longest pause before a kill, in milliseconds: in some rounds the CLIs are still starting, in others a turn has ended. */
const longestPause = 1_500

/** The prompt of an agent and its expected answer. A task without an answer never ends. */
type Task = { prompt: string; answer?: string }

/** The knowledge of a host whose daemon is killed: the task of each agent, and which agents had finished. */
type Answered = { launched: Map<string, Task>; finished: Set<string>; isKilled: boolean }

type Environment = Record<string, string>

async function killDaemon(): Promise<void> {
  process.kill((await daemonClient(stage().home.home).health()).pid, 'SIGKILL')
}

function runningClis(): number {
  return agentProcesses(stage().home.home).length
}

/** Waits until no agent's CLI runs, with a limit. Returns how many still run. */
async function untilNone(limitMs: number): Promise<number> {
  const limit = startLimit(limitMs)
  while (runningClis() > 0 && !(await limit.isOver())) await delay(20)
  return runningClis()
}

/**
 * Launches the tasks and records which agents finish. Returns when all that have an answer did, or when the daemon was
 * killed: the host's calls then reach the next daemon.
 */
async function work(host: Host, tasks: readonly Task[], answered: Answered): Promise<void> {
  const { launched, finished } = answered
  for (const task of tasks) launched.set(await launchFromHost(host, task.prompt), task)
  const open = () => [...launched].filter(([id]) => !finished.has(id))
  while (!answered.isKilled && open().some(([, { answer }]) => answer !== undefined)) {
    const agent_ids = open().map(([id]) => id)
    const { agents } = await host.call('wait', { agent_ids, until: 'any', timeout_seconds: 5 })
    for (const { id, status } of agents) if (status === 'finished') finished.add(id)
  }
}

/** Starts a host, and kills its daemon after `ms` or as soon as all agents with an answer have finished. */
async function killedAfter(ms: number, environment: Environment, tasks: readonly Task[]) {
  const { cwd } = stage().home
  const host = await startHost({ cwd, environment })
  const answered: Answered = { launched: new Map(), finished: new Set(), isKilled: false }
  const working = work(host, tasks, answered).catch(() => undefined)
  await Promise.race([working, delay(ms)])
  const running = runningClis()
  answered.isKilled = true
  await killDaemon()
  const nextHost = (): Promise<Host> => startHost({ cwd, environment })
  return { answered, running, nextHost, leave: () => working.then(() => host.close()) }
}

/** Compares the agents that the next daemon lists with the answers of the killed daemon. Returns the differences. */
async function falseStates(next: Host, { launched, finished }: Answered): Promise<string[]> {
  const { agents } = await next.call('list_agents')
  const wrong: string[] = []
  for (const [id, { answer }] of launched) {
    const agent = agents.find((each) => each.id === id)
    const allowed = answer === undefined ? ['interrupted'] : ['finished', 'interrupted']
    const expected = finished.has(id) ? ['finished'] : allowed
    if (!agent) wrong.push(`${id} is lost`)
    else if (agent.alive) wrong.push(`${id} is alive`)
    else if (!expected.includes(agent.status)) wrong.push(`${id} is ${agent.status}`)
    else if (agent.status === 'finished' && (await answerOf(next, id)) !== answer)
      wrong.push(`${id} answered something else`)
  }
  return wrong
}

async function answerOf(host: Host, id: string): Promise<string | undefined> {
  const { text } = await host.call('poll_agent', { agent_id: id, verbose: true })
  return /\nanswer:\n(.*)\nnext: /.exec(text)?.[1]
}

async function killRounds(name: string, variables: Environment): Promise<void> {
  const { home, host } = await stage().configure({ limits: { launchesPerMinute: 10_000 } })
  await host.close()
  const environment = serverEnvironment(home, variables)
  const counts = { rounds: kills, launched: 0, finished: 0, processes: 0, survivors: 0, 'false states': 0 }
  for (let round = 0; round < kills; round += 1) {
    // In the last round the daemon is killed right after it has reported an answer.
    const pause = round === kills - 1 ? 60_000 : Math.random() * longestPause
    const { answered, running, nextHost, leave } = await killedAfter(pause, environment, [
      { prompt: `[[say: done ${round}]]`, answer: `done ${round}` },
      { prompt: '[[say: half]] [[hang]]' },
    ])
    // In every other round the next daemon starts while processes of the killed one may still run.
    const early = round % 2 === 0 ? await nextHost() : undefined
    counts.survivors += await untilNone(5_000)
    await leave()
    const next = early ?? (await nextHost())
    const wrong = await falseStates(next, answered)
    await next.close()
    expect(wrong, `round ${round}`).toEqual([])
    counts['false states'] += wrong.length
    counts.launched += answered.launched.size
    counts.finished += answered.finished.size
    counts.processes += running
  }
  printCounts(name, counts)
  expect(counts.launched).toBeGreaterThan(kills / 2)
  expect(counts.finished).toBeGreaterThan(0)
  expect(counts.processes).toBeGreaterThan(0)
  expect(counts.survivors).toBe(0)
}

test('[daemon-killed] whenever the daemon is killed, no CLI survives 5 s, and the next one knows all that was answered', () =>
  killRounds('daemon killed at random moments, real claude', {}))

test(
  '[daemon-killed] the same holds with a fake CLI that starts faster than a real one',
  soakOnly,
  async () => {
    const fake = installFakeClaude('ignores-term')
    try {
      await killRounds('daemon killed at random moments, fake claude', {
        SUBAGENT_MCP_CLAUDE_PATH: fake.executable,
      })
    } finally {
      fake.remove()
    }
  },
)

/** The bytes of the journal. Text of a running turn reaches it with a delay. */
function journalText(): string {
  const folder = join(stage().home.home, '.subagent-mcp')
  const names = readdirSync(folder).filter((name) => name.includes('.db'))
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
}

test(
  '[resume] an agent whose daemon was killed during a turn continues in its own session',
  thorough,
  async () => {
    const { home, host, launch, model } = stage()
    const id = await launch('My word is heliotrope. [[say: Noted.]]')
    await host.call('wait')
    await host.call('send_message', { agent_id: id, message: '[[say: half]] [[hang]]' })
    await model.waitForRequest(({ userText }) => userText?.includes('[[hang]]') ?? false)
    await expect.poll(() => journalText(), { timeout: 10_000 }).toContain('"text":"half"')
    await killDaemon()
    await host.close()
    const next = await startHost({ cwd: home.cwd, environment: serverEnvironment(home) })
    const told = await next.call('wait')
    expect(told.agents).toMatchObject([{ id, status: 'interrupted', alive: false }])
    expect(told.text).toContain('half')
    expect(told.text).toContain('next: send_message')
    const sent = await next.call('send_message', { agent_id: id, message: 'Which word? [[recall]]' })
    expect(sent.text).toContain('its session is opened again')
    expect((await next.call('wait')).text).toContain('heliotrope')
    await next.close()
  },
)
