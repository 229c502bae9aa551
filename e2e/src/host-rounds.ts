import { startLimit } from '@subagent-mcp/testkit'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { daemonClient } from './home-daemons.js'
import { openHost, startHost, terminalHosts, type OpenHost } from './host-in-terminal.js'
import type { HostStage } from './host-stage.js'
import { agentProcesses, processesOf, type RunningProcess } from './processes.js'
import type { EnvVariables } from './server-stage.js'

/** How a session learns of its agents: its model calls `wait` in the turn of the launch, or a hook says when to. */
export type HostRoute = { variables: EnvVariables; waits: boolean }

/** The processes of which one is killed in each round. */
export const victims = ['host', 'shim', 'daemon', 'agent'] as const
export type Victim = (typeof victims)[number]

/** The result of one round: what Claude's conversation has of the agents that were launched. */
export type Round = {
  victim: Victim
  launched: number
  /** Agents of which the conversation has no report. */
  lost: readonly string[]
  /** Reports that the conversation has twice, or that are marked as repeated. */
  repeats: number
  /** Reports that came twice, of which the later one has no mark. */
  unmarked: readonly string[]
  /** Whether a person had to type a prompt before all reports came. */
  isTyped: boolean
}

/** The longest pause before a kill, in milliseconds: in some rounds no agent is launched, in others all have ended. */
const longestPause = 4_000

const { to, tool } = terminalHosts.claude

/** Returns numbers from 0 to 1 that are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Plays rounds in one Claude. `play` kills one process at a random moment, and waits until all is reported. */
export function openRounds(stage: HostStage, { variables, waits }: HostRoute, random: () => number) {
  let terminal: OpenHost | undefined
  script(stage, waits)
  const play = async (round: number, victim: Victim): Promise<Round> => {
    terminal ??= await openHost(stage, 'claude', { variables })
    const delays = [random(), random()].map((part) => Math.round(part * longestPause))
    await terminal.type(`ROUND ${round} takes ${delays.join(' and ')}`)
    await delay(random() * longestPause)
    kill(stage, victim)
    // Claude connects to its servers at the start of a session only.
    const isContinued = victim === 'host' || victim === 'shim'
    if (isContinued) {
      await terminal.close()
      const args = hasConversation(stage) ? ['--continue'] : []
      terminal = await startHost(stage, 'claude', { args, variables })
    } else await expect.poll(terminal.screen).toContain(`round ${round} is launched`)
    // Without tasks a continued session gets the notice of earlier reports at its start, and no turn for it.
    const isTyped = (isContinued && !waits) || !(await isReported(stage, round))
    if (isTyped) await goOn(stage, terminal, round)
    const result = await readRound(stage, round)
    await releaseAgents(stage)
    stage.model.forgetRequests()
    return { victim, isTyped, ...result }
  }
  return {
    play,
    /** Ends the host, so that the next round has a conversation of its own. */
    close: async () => {
      await terminal?.close()
      terminal = undefined
    },
  }
}

/** Whether Claude has written a conversation, which it does after its first prompt. */
function hasConversation({ home }: HostStage): boolean {
  const folder = join(home.home, '.claude/projects')
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  return names.some(
    (name) => name.endsWith('.jsonl') && readFileSync(join(folder, name), 'utf8').includes('"type":"user"'),
  )
}

/** Types a prompt, and waits until Claude has called `wait` in that turn and has nothing to receive. */
async function goOn(stage: HostStage, terminal: OpenHost, round: number): Promise<void> {
  await terminal.type(`GO ON ${round}`)
  const isAnswered = new RegExp(String.raw`GO ON ${round}\b[^]*"tool_result"`)
  await expect.poll(() => isAnswered.test(conversation(stage, round))).toBe(true)
  await isReported(stage, round)
}

/** Ends the processes of idle agents. */
async function releaseAgents({ home }: HostStage): Promise<void> {
  const client = daemonClient(home.home)
  for (const { id, alive } of await client.agents().catch(() => [])) if (alive) await client.release(id)
}

/** Lets Claude's model launch two agents a round, and call `wait` by itself, where a hook says so or at the next prompt. */
function script({ model }: HostStage, waits: boolean): void {
  const wait = { type: 'tool', tool: `${tool}wait`, input: { until: 'all' } } as const
  const launch = (round: string, index: number, milliseconds: string) => {
    const prompt = `[[delay: ${milliseconds}]] [[say: answer ${round}.${index}]]`
    const input = {
      ...{ task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt },
      name: nameOf(round, index),
    }
    return { type: 'tool', tool: `${tool}launch_agent`, input } as const
  }
  model.script([
    {
      match: /ROUND \d+ takes/,
      to,
      steps: (text) => {
        const [, round = '', one = '', two = ''] = /ROUND (\d+) takes (\d+) and (\d+)/.exec(text) ?? []
        const said = { type: 'say', text: `round ${round} is launched` } as const
        return [launch(round, 0, one), launch(round, 1, two), ...(waits ? [wait] : []), said]
      },
    },
    { match: /MCP task [\w-]+ \(subagent-mcp/, to, steps: [{ type: 'say', text: 'the result is read' }] },
    { match: /GO ON \d+/, to, steps: [wait, { type: 'say', text: 'the result is read' }] },
    {
      match: 'call `wait` of subagent-mcp',
      to,
      steps: [wait, { type: 'say', text: 'the result is read' }],
    },
  ])
}

function nameOf(round: number | string, index: number | ''): string {
  return `r${round}-${index}`
}

function kill({ home: { home } }: HostStage, victim: Victim): void {
  const agents = new Set(agentProcesses(home))
  const of = (name: string | undefined, isAgent: boolean): RunningProcess[] =>
    processesOf(home, name).filter(({ pid }) => agents.has(pid) === isAgent)
  const found = {
    host: () => of('claude', false),
    shim: () => of(undefined, false).filter(({ command }) => / serve$/.test(command.trim())),
    daemon: () => of(undefined, false).filter(({ command }) => command.includes(' daemon run')),
    agent: () => of('claude', true).slice(0, 1),
  }
  for (const { pid } of found[victim]()) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has exited by itself.
    }
  }
}

/** Waits, with a limit, until Claude's conversation has a report of each agent of a round and none of them is unread. */
async function isReported(stage: HostStage, round: number): Promise<boolean> {
  const limit = startLimit(10_000)
  for (;;) {
    const { ids, lost } = await readRound(stage, round)
    if (ids.length > 0 && lost.length === 0 && !hints(stage).some((id) => ids.includes(id))) return true
    if (await limit.isOver()) return false
    await delay(100)
  }
}

/** The ids of agents of which hooks tell the session. */
function hints({ home }: HostStage): string[] {
  const path = join(home.home, '.subagent-mcp/agents.json')
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return [...text.matchAll(/"(\w+)\.\d+"/g)].map(([, id = '']) => id)
}

async function readRound(stage: HostStage, round: number) {
  const known = await daemonClient(stage.home.home)
    .agents()
    .catch(() => [])
  const own = known.filter(({ name = '' }) => name.startsWith(nameOf(round, '')))
  const text = conversation(stage, round)
  const reports = own.map(({ name = '' }) => reportsIn(text, name))
  const lost = own.flatMap(({ name = '' }, index) => (reports[index]?.length === 0 ? [name] : []))
  const all = reports.flat()
  const again = all.filter(({ what }, index) => all.findIndex((other) => other.what === what) < index)
  const unmarked = again.filter(({ isMarked }) => !isMarked).map(({ what }) => what)
  const repeats = all.filter((report) => report.isMarked || again.includes(report)).length
  return { ids: own.map(({ id }) => id), launched: own.length, lost, repeats, unmarked }
}

/** The newest request of Claude that has this round in it. */
function conversation({ model }: HostStage, round: number): string {
  const marks = [`ROUND ${round} takes`, `GO ON ${round}`]
  const isOfRound = ({ kind, bodyText }: LoggedRequest): boolean =>
    kind === 'turn' && marks.some((mark) => bodyText.includes(mark))
  return model.requests.findLast(isOfRound)?.bodyText ?? ''
}

type LoggedRequest = HostStage['model']['requests'][number]

/** The reports of an agent in a conversation, with their marks. */
function reportsIn(text: string, name: string): { what: string; isMarked: boolean }[] {
  const report = new RegExp(
    String.raw`(repeated: [^\\]*\\n)?agent \w+ \\"${name}\\" (turn 1 \w+|errored|interrupted|stopped)`,
    'g',
  )
  return [...text.matchAll(report)].map(([, mark, what = '']) => ({
    what: `${name} ${what}`,
    isMarked: mark !== undefined,
  }))
}
