import {
  computeAgentStatus,
  connectCaller,
  createMemoryJournal,
  createSupervisor,
  parseJournaledFact,
  sendMessage,
  doesAgentAcceptMessages,
  loadTurnText,
  type Agent,
  type DurableFact,
  type Supervisor,
} from '@subagent-mcp/core'
import { openJournal } from '@subagent-mcp/journal'
import { checkForLeaks, createManualClock, createManualDriver, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { printCounts, roundCount } from './rounds.js'

checkForLeaks()

/** The soak kills the supervisor at every journal write, other runs at every tenth from any on. */
const stride = roundCount(10, 1)
const firstWrite = 1 + (Date.now() % stride)

const script = fileURLToPath(new URL('../dist/crash-life.js', import.meta.url))

/**
 * The answers that a killed run of `crash-life` had printed, and the state that another supervisor reads from its
 * journal.
 */
type Life = {
  answered: readonly string[]
  killed: boolean
  facts: readonly DurableFact[]
  agents: readonly Agent[]
  supervisor: Supervisor
}

/** Runs the script `crash-life` until it kills itself at its nth journal write. Lets another supervisor adopt the journal. */
async function liveUntil(write: number, when: 'before' | 'after'): Promise<Life> {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'))
  const path = join(folder, 'journal.db')
  const { stdout, signal } = await execa(process.execPath, [script, path, String(write), when], {
    reject: false,
  })
  const owner = {
    kind: 'daemon',
    pid: process.pid,
    startTime: '-',
    place: '-',
    nonce: 'o',
    version: '1',
  } as const
  const journal = openJournal({ path, owner, isAlive: () => false, onForeign: () => undefined, now: () => 0 })
  const entries = [...journal.adopt().entries]
  const facts = entries.flatMap((entry) =>
    'snapshot' in entry ? [] : (parseJournaledFact(entry.body) ?? []),
  )
  const supervisor = emptySupervisor(facts)
  supervisor.adopt(facts)
  journal.close()
  rmSync(folder, { recursive: true })
  const agents = [...supervisor.state().agents.values()]
  const answered = stdout.split('\n').filter(Boolean)
  return { answered, killed: signal === 'SIGKILL', facts, agents, supervisor }
}

function emptySupervisor(facts: readonly DurableFact[] = []): Supervisor {
  let ids = 0
  const journal = createMemoryJournal()
  journal.append(facts, [])
  const supervisor = createSupervisor({
    ...{ drivers: [createManualDriver()], clock: createManualClock(), journal },
    ids: { agent: () => `b${(ids += 1)}`, message: () => `n${(ids += 1)}` },
  })
  connectCaller(supervisor, { caller: 'me', project: '/p' })
  return supervisor
}

/** For each line that `crash-life` can print: whether the state after the crash agrees with it. */
const expectations: Readonly<Record<string, (life: Life) => boolean>> = {
  'launched a1': (life) => find(life, 'a1') !== undefined,
  'launched a2': (life) => find(life, 'a2') !== undefined,
  'permission allowed': ({ facts }) =>
    facts.some(
      (fact) => fact.type === 'answer-requested' && fact.agentId === 'a1' && fact.decision === 'allow',
    ),
  'finished a1': (life) => answerOf(life, 0) === 'the answer',
  'released a1': ({ facts }) =>
    facts.some((fact) => fact.type === 'release-requested' && fact.agentId === 'a1') &&
    facts.some((fact) => isClosing(fact, 'a1')),
  'stopped a2': (life) => statusOf(life, 'a2') === 'stopped',
  'resumed a1': (life) => {
    const { turns, inbox } = find(life, 'a1') ?? { turns: [], inbox: [] }
    return turns.length === 2 || inbox.some(({ text }) => text === 'again')
  },
  'finished again a1': (life) => answerOf(life, 1) === 'again' && statusOf(life, 'a1') === 'finished',
}

/** Returns the answers that `crash-life` printed and that the state after the crash contradicts. */
function lost(life: Life): string[] {
  return life.answered.filter((what) => {
    const holds = expectations[what]
    if (!holds) throw new Error(`no expectation for the answer '${what}'`)
    return !holds(life)
  })
}

function find({ agents }: Life, id: string): Agent | undefined {
  return agents.find(({ profile }) => profile.id === id)
}

function statusOf(life: Life, id: string): string | undefined {
  const agent = find(life, id)
  return agent && computeAgentStatus(agent, { now: 0, stalledAfter: Infinity })
}

/** The answer of a turn of the first agent, or undefined. */
function answerOf(life: Life, number: number): string | undefined {
  const agent = find(life, 'a1')
  const turn = agent?.turns[number]
  return agent && turn?.outcome.type === 'completed' ? loadTurnText(life.supervisor, agent, turn) : undefined
}

function isClosing(fact: DurableFact, agentId: string): boolean {
  return (
    fact.type === 'session-event-received' && fact.agentId === agentId && fact.event.type === 'session-closed'
  )
}

test(
  '[daemon-killed] a supervisor that is killed before or after any journal write loses no answer and leaves no wrong state',
  thorough,
  async () => {
    const whole = await liveUntil(0, 'before')
    expect(whole.killed).toBe(false)
    expect(whole.answered).toEqual(Object.keys(expectations))
    expect(lost(whole)).toEqual([])
    let points = 0
    for (let write = firstWrite; ; write += stride) {
      const [before, after] = await Promise.all([liveUntil(write, 'before'), liveUntil(write, 'after')])
      if (!before.killed) break
      for (const life of [before, after]) {
        points += 1
        expect(lost(life), `write ${write}`).toEqual([])
        for (const agent of life.agents) {
          expect(agent.phase.status, `write ${write}`).toBe('ended')
          const status = computeAgentStatus(agent, { now: 0, stalledAfter: Infinity })
          expect(['interrupted', 'finished', 'stopped'], `write ${write}`).toContain(status)
          if (doesAgentAcceptMessages(agent)) {
            const message = { agentId: agent.profile.id, text: 'on', steer: false, caller: 'me' }
            expect(sendMessage(life.supervisor, message).type).toBe('resumed')
          }
        }
      }
    }
    printCounts('journal writes killed before and after', { points, lost: 0 })
    expect(points).toBeGreaterThan(30 / stride)
  },
)
