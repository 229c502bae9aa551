import { SubagentError } from '@subagent-mcp/contract'
import {
  createHandClock,
  createHandDriver,
  type HandClock,
  type HandDriver,
  type HandSession,
} from '@subagent-mcp/testkit'
import { defaultTable, type RoutingTable } from '@subagent-mcp/routing'
import { launch, type LaunchOrder } from './launch.js'
import { createSupervisor, type Supervisor } from './supervisor.js'
import { waitForReports, type WaitResult } from './wait-for-reports.js'
import type { WaitQuery } from './wait-outcome.js'

/** A supervisor over parts that the test moves, with a caller `me` in the project `/p`. */
export type HandHouse = {
  driver: HandDriver
  codex: HandDriver
  clock: HandClock
  supervisor: Supervisor
  connect: (caller: string, project?: string) => void
  /** Launches an agent whose session opens at once. */
  launched: (caller?: string) => Promise<{ id: string; session: HandSession }>
  /** Opens the newest session. */
  opened: () => Promise<HandSession>
  /** Waits 15 minutes at most, by default for any agent of `me`. */
  waiting: (query?: Partial<WaitQuery>, signal?: AbortSignal) => Promise<WaitResult>
}

/** An order in which nothing is wrong. */
export const unrouted: LaunchOrder = { prompt: 'do it', category: 'coding', cwd: '/p' }

/** One that only `driver` can carry out. */
export const order: LaunchOrder = { ...unrouted, provider: 'claude', model: 'opus' }

/** Builds one; ids count up. */
export function createHandHouse(table: Partial<RoutingTable> = {}): HandHouse {
  const [driver, codex, clock] = [createHandDriver(), createHandDriver('codex'), createHandClock()]
  let ids = 0
  const supervisor = createSupervisor({
    drivers: new Map([driver, codex].map((each) => [each.id, each])),
    environmentOf: () => ({}),
    routingOf: () => ({ ...defaultTable(), ...table }),
    clock,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  })
  const connect: HandHouse['connect'] = (caller, project = '/p') => {
    supervisor.dispatch({ type: 'caller-connected', at: clock.now(), caller, project })
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
    connect,
    opened,
    launched: async (caller = 'me') => {
      const { agent } = launch(supervisor, caller, order)
      return { id: agent.profile.id, session: await opened() }
    },
    waiting: (query = {}, signal = new AbortController().signal) =>
      waitForReports(supervisor, { caller: 'me', until: 'any', ...query }, { timeout: 900_000, signal }),
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
