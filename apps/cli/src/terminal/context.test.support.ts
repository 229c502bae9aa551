import {
  createMemoryJournal,
  createSupervisor,
  disconnectCaller,
  type Agent,
  type ToolCallJudge,
  type MemoryJournal,
  type Supervisor,
} from '@subagent-mcp/core'
import { connectDaemon } from '@subagent-mcp/client'
import { startDaemonServer, type DaemonPort } from '@subagent-mcp/daemon'
import { openMemoryMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { defaultRoutingTable } from '@subagent-mcp/routing'
import {
  createCallerAgents,
  createCallerChanges,
  createTurnCheck,
  createUserReports,
  createInMemoryState,
  disabledWorktrees,
} from '@subagent-mcp/runtime'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandContext } from './command-context.js'
import { createManualAgents, manualAuthority, type ManualAgents } from './agents-port.test.support.js'
import { createManualKept, noWorkers, type ManualKept } from './manual-kept.test.support.js'
import { createTestTerminal, type TestTerminal } from './terminal.test.support.js'

/** A daemon's server on a real socket, with a driver that the test controls, and a terminal. It ends with its test. */
export type TestContext = CommandContext & {
  terminal: TestTerminal
  supervisor: Supervisor
  driver: ManualDriver
  clock: ManualClock
  /** The agent definitions and warm processes: initially the definition `reviewer`, and no process. */
  agents: ManualAgents
  kept: ManualKept
  mailbox: Mailbox
  /** Checks of results wait until this promise resolves, initially not at all. */
  checks: { ready: Promise<unknown> }
  /** Replaces the permission policy, which initially asks for every call. */
  rule(judge: ToolCallJudge): void
  /** Ends the test's daemon. */
  close(): Promise<void>
  /** Launches an agent whose session opens immediately. */
  launched(name?: string, cwd?: string): Promise<{ id: string; session: ManualSession }>
}

/** A session event that tells the id and the model of an agent's session. */
export const identified = { type: 'session-identified', sessionId: 's-1', model: 'hand-1' } as const

/** Starts a daemon's server and a terminal for a test. Ids of agents and messages count up: `a1`, `m2`. */
export async function startTestContext(): Promise<TestContext> {
  const folder = mkdtempSync(join(tmpdir(), 'hand-desk-'))
  const [driver, clock] = [createManualDriver(), createManualClock()]
  // In a test no time passes between a task's last facts and its end, so they stay for a stream that reads them later.
  const journal = { ...createMemoryJournal(), forget: () => undefined }
  const policy: { judge: ToolCallJudge } = {
    judge: () => ({ verdict: 'ask', by: 'preset ask', humanOnly: false }),
  }
  const checks: TestContext['checks'] = { ready: Promise.resolve() }
  const supervisor = createHandSupervisor({ driver, clock, journal, policy, checks })
  const agents = createManualAgents()
  const kept = createManualKept()
  const mailbox = openMemoryMailbox({ clock })
  const socketPath = join(folder, 'd.sock')
  const server = await startDaemonServer(portOf({ supervisor, journal, agents, kept, mailbox }), {
    socketPath,
  })
  onTestFinished(async () => {
    await server.close()
    await mailbox.close()
    rmSync(folder, { recursive: true })
  })
  const client = connectDaemon({ socketPath, self: { pid: process.pid, environment: {} } })
  const terminal = createTestTerminal({ cwd: folder, now: clock.now })
  return {
    client,
    terminal,
    supervisor,
    driver,
    clock,
    agents,
    kept,
    mailbox,
    checks,
    rule: (judge) => {
      policy.judge = judge
    },
    close: () => server.close(),
    launched: async (name, cwd = folder) => {
      const order = { prompt: 'do it', category: 'coding', provider: 'claude', model: 'opus', cwd }
      const { agent } = await client.launch({
        ...order,
        environment: {},
        ...(name !== undefined && { name }),
      })
      return { id: agent.id, session: await openNewestSession(driver) }
    },
  }
}

/** Opens the session that the supervisor requested last. */
export async function openNewestSession({ sessions }: ManualDriver): Promise<ManualSession> {
  const session = sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  return session
}

type Parts = Pick<TestContext, 'driver' | 'clock' | 'checks'> & {
  journal: MemoryJournal
  policy: { judge: ToolCallJudge }
}

function createHandSupervisor({ driver, clock, journal, policy, checks }: Parts): Supervisor {
  let ids = 0
  return createSupervisor({
    drivers: [driver],
    checkTurn: async (...check) => {
      await checks.ready
      return createTurnCheck(() => Promise.resolve([]))(...check)
    },
    routingOf: () => ({ ...defaultRoutingTable(), health: false }),
    clock,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
    limits: { answerWithin: 300_000 },
    judge: (...call) => policy.judge(...call),
    journal,
  })
}

type ServerParts = {
  supervisor: Supervisor
  journal: MemoryJournal
  agents: ManualAgents
  kept: ManualKept
  mailbox: Mailbox
}

function portOf({ supervisor, journal, agents, kept, mailbox }: ServerParts): DaemonPort {
  let callers = 0
  const shared = { supervisor, mailbox, stalledAfter: 600_000, history: journal.history }
  return {
    ...shared,
    ...{ host: 'box', version: '1.2.3', environment: {} },
    records: journal.records,
    pooled: () => agents.processes,
    ...{ kept, workers: noWorkers },
    ...{ depthOf: () => 0, mailboxOf: () => undefined, findEnclosingChild: () => undefined },
    connect: ({ cwd }) => {
      const caller = `caller-${(callers += 1)}`
      const at = supervisor.clock.now()
      const place = { project: cwd, depth: 0, authority: manualAuthority }
      supervisor.dispatch({ type: 'caller-connected', at, caller, ...place })
      const owned = { supervisor, caller, worktrees: disabledWorktrees }
      const own = createCallerAgents({
        ...{ ...owned, kind: 'request', onHostExit: 'keep' },
        definitions: agents.definitionsAt(cwd),
        folderOf: (path) => path ?? cwd,
      })
      return {
        caller,
        mayLaunch: true,
        port: {
          supervisor,
          stalledAfter: 600_000,
          agents: own,
          changes: createCallerChanges({ ...owned, isPerson: true, find: own.find, shared: () => [] }),
          saveText: (name) => ({ path: name }),
        },
        disconnect: () => {
          disconnectCaller(supervisor, caller)
        },
      }
    },
    nativeResume: ({ session, profile }: Agent) =>
      profile.name === 'no command' ? undefined : ['hand', '--resume', session.id ?? ''],
    routes: () => Promise.resolve({}),
    worktrees: disabledWorktrees,
    ...createUserReports({ ...shared, state: { ...createInMemoryState(), history: shared.history } }).reports,
    journalSize: () => ({ path: '/j', bytes: 42 }),
    stop: () => undefined,
    log: () => undefined,
  }
}
