import { SubagentError } from '@subagent-mcp/contract'
import {
  createHandClock,
  createHandDriver,
  type HandClock,
  type HandDriver,
  type HandSession,
} from '@subagent-mcp/testkit'
import { defaultTable, type RoutingTable } from '@subagent-mcp/routing'
import type { Fact } from './fact.js'
import type { FactJournal } from './fact-writer.js'
import { launch, type LaunchOrder } from './launch.js'
import { unlimited, type Limits } from './limits.js'
import { noLoad, type Load, type Machine } from './load.js'
import { createSupervisor, type Supervisor } from './supervisor.js'
import { acknowledgeReports, waitForReports, type WaitResult } from './wait-for-reports.js'
import type { WaitQuery } from './wait-outcome.js'

/** A supervisor over parts that the test moves, with a caller `me` in the project `/p`. */
export type HandHouse = {
  driver: HandDriver
  codex: HandDriver
  clock: HandClock
  supervisor: Supervisor
  /** What was journaled, in order. `full` refuses more. */
  journal: { facts: Fact[]; full: boolean }
  /** What the machine says when it is measured, and what was published last. */
  machine: Machine & { published: Load }
  /** How many pooled processes were to end, to make room. */
  retired: () => number
  connect: (caller: string, project?: string, depth?: number) => void
  /** Launches an agent whose session opens at once. */
  launched: (caller?: string) => Promise<{ id: string; session: HandSession }>
  /** Opens the newest session. */
  opened: () => Promise<HandSession>
  /** Waits 15 minutes at most, by default for any agent of `me`, and has received what it returns. */
  waiting: (query?: Partial<WaitQuery>, signal?: AbortSignal) => Promise<WaitResult>
}

/** An order in which nothing is wrong. */
export const unrouted: LaunchOrder = { prompt: 'do it', category: 'coding', cwd: '/p' }

/** One that only `driver` can carry out. */
export const order: LaunchOrder = { ...unrouted, provider: 'claude', model: 'opus' }

/** Builds one; ids count up. */
export function createHandHouse(table: Partial<RoutingTable> = {}, limits: Partial<Limits> = {}): HandHouse {
  const [driver, codex, clock] = [createHandDriver(), createHandDriver('codex'), createHandClock()]
  codex.sharesProcess = true
  const journal: HandHouse['journal'] = { facts: [], full: false }
  const machine = { freeMemory: 1e12, others: noLoad, published: noLoad }
  let ids = 0
  let retired = 0
  const supervisor = createSupervisor({
    drivers: new Map([driver, codex].map((each) => [each.id, each])),
    environmentOf: () => ({}),
    routingOf: () => ({ ...defaultTable(), ...table }),
    clock,
    limits: { ...unlimited, ...limits },
    journal: handJournal(journal),
    machine: { measure: () => machine, publish: (load) => (machine.published = load) },
    pool: { retireLongestIdle: () => (retired += 1) },
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  })
  const connect: HandHouse['connect'] = (caller, project = '/p', depth = 0) => {
    supervisor.dispatch({ type: 'caller-connected', at: clock.now(), caller, project, depth })
  }
  const opened = async (): Promise<HandSession> => {
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session was opened')
    await session.open()
    return session
  }
  connect('me')
  return {
    driver,
    codex,
    clock,
    supervisor,
    journal,
    machine,
    retired: () => retired,
    connect,
    opened,
    launched: async (caller = 'me') => {
      const { agent } = launch(supervisor, caller, order)
      return { id: agent.profile.id, session: await opened() }
    },
    waiting: async (query = {}, signal = new AbortController().signal) => {
      const full = { caller: 'me', until: 'any', ...query } as const
      const result = await waitForReports(supervisor, full, { timeout: 900_000, signal })
      if (result.type !== 'cancelled') acknowledgeReports(supervisor, full.caller, result.outcome)
      return result
    },
  }
}

function handJournal(kept: HandHouse['journal']): FactJournal {
  return {
    append: (facts) => {
      if (kept.full) throw new SubagentError('io-failed', 'disk full')
      return kept.facts.push(...facts)
    },
    forget: (ids) => {
      if (kept.full) throw new SubagentError('io-failed', 'disk full')
      kept.facts = kept.facts.filter((fact) => !('agentId' in fact) || !ids.includes(fact.agentId))
    },
    onProblem: () => undefined,
  }
}

/** The result of a wait in few words. */
export async function told(wait: Promise<WaitResult>): Promise<object> {
  const result = await wait
  if (result.type === 'cancelled') return result
  const { news, known, running } = result.outcome
  const ids = (agents: readonly { profile: { id: string } }[]): string[] =>
    agents.map(({ profile }) => profile.id)
  return {
    type: result.type,
    news: news.map(({ agent, reports }) => [agent.profile.id, ...reports.map(({ type }) => type)]),
    known: ids(known),
    running: ids(running),
  }
}

/** The code of the error that `act` throws. */
export function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof SubagentError) return error.code
    throw error
  }
  return 'no error'
}
