import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import {
  createSupervisor,
  disconnectCaller,
  emptySupervisorLoad,
  defaultSupervisorLimits,
  parseJournaledFact,
  type JournaledFactReader,
  type ToolCallJudge,
  type Supervisor,
} from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createManualAgents, manualAuthority, type ManualAgents } from './manual-agents.test.support.js'
import { createManualKept, noWorkers, type ManualKept } from './manual-kept.test.support.js'
import {
  createCallerAgents,
  createCallerChanges,
  createUserReports,
  createInMemoryState,
  disabledWorktrees,
  type ClientInfo,
} from '@subagent-mcp/runtime'
import type { DaemonPort } from './server/daemon-port.js'
import {
  startDaemonServer,
  type DaemonServer,
  type DaemonServerOptions,
} from './server/start-daemon-server.js'

/** A daemon's server on a real socket, with driver, clock and policy that the test controls. It ends with its test. */
export type ManualDaemon = {
  folder: string
  socketPath: string
  server: DaemonServer
  client: DaemonClient
  supervisor: Supervisor
  driver: ManualDriver
  clock: ManualClock
  /** A SQLite mailbox in a file of its own. A message that fails twice becomes a dead letter. */
  mailbox: Mailbox
  /** Mail that a client takes is delivered once this has resolved. */
  takes: { ready: Promise<unknown> }
  visits: { caller: string; guest: ClientInfo; left: number }[]
  stops: { drain: boolean }[]
  /** The definitions: only `reviewer`. */
  agents: ManualAgents
  kept: ManualKept
  /** The facts of the journal. A fact that the test pushes counts as written by another daemon. */
  facts: unknown[]
  /** The lines of the audit log. */
  records: PermissionAuditRecord[]
  /** Replaces the permission policy for all later tool calls. */
  rule: (judge: ToolCallJudge) => void
  logged: string[]
  /** Launches an agent through the client; its session opens at once. */
  launched(): Promise<{ id: string; session: ManualSession }>
}

const secret = 'sk-do-not-tell'

/** A valid launch request, from a caller with a secret in its environment. */
export const launchBody = {
  prompt: 'do it',
  category: 'coding',
  provider: 'claude',
  model: 'opus',
  cwd: '/p',
  environment: { API_KEY: secret },
}

/** Whether a text contains the secret of the caller's environment. */
export const hasSecret = (text: string): boolean => text.includes(secret)

/** Polls a condition for up to 15 s, because the machine may be busy. */
export function pollUntil(isSo: () => boolean | Promise<boolean>): Promise<true> {
  return vi.waitUntil(isSo, { timeout: 15_000, interval: 5 })
}

type ManualDaemonOptions = Partial<DaemonServerOptions> & { mailbox?: Mailbox }

/** Starts a manual daemon with one driver; agent ids count up. `mailbox` replaces its own mailbox. */
export async function startManualDaemon(given: ManualDaemonOptions = {}): Promise<ManualDaemon> {
  const { mailbox, ...options } = given
  const folder = await mkdtemp(join(tmpdir(), 'manual-daemon-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { socketPath = join(folder, 'run', 'd.sock') } = options
  const house = createHouse((clock) => mailbox ?? openManualMailbox(join(folder, 'mail.db'), clock))
  onTestFinished(() => house.mailbox.close())
  const server = await startDaemonServer(
    { ...house.port, pageFolder: join(folder, 'page') },
    { ...options, socketPath },
  )
  onTestFinished(() => server.close())
  const client = connectDaemon({ socketPath })
  const { port, ...rest } = house
  return { folder, socketPath, server, client, ...rest, launched: () => launchAgent(client, house.driver) }
}

type House = Omit<ManualDaemon, 'folder' | 'socketPath' | 'server' | 'client' | 'launched'> & {
  port: DaemonPort
}

function createHouse(mailboxBy: (clock: ManualClock) => Mailbox): House {
  const [driver, clock] = [createManualDriver(), createManualClock()]
  const [facts, records]: [unknown[], PermissionAuditRecord[]] = [[], []]
  const policy: Policy = { judge: () => ({ verdict: 'ask', by: 'preset ask', humanOnly: false }) }
  const supervisor = createManualSupervisor({ driver, clock, facts, records, policy })
  const agents = createManualAgents()
  const kept = createManualKept()
  const visits: ManualDaemon['visits'] = []
  const stops: ManualDaemon['stops'] = []
  const logged: string[] = []
  const { slowMailbox, ...mail } = createManualMail(mailboxBy(clock))
  const history = manualHistory(facts)
  const shared = { supervisor, mailbox: slowMailbox, stalledAfter: 600_000, history }
  const port: DaemonPort = {
    ...shared,
    ...{ host: 'box', version: '1.2.3', environment: { PATH: '/bin' } },
    records: ({ agentId, limit }) =>
      records.filter((record) => agentId === undefined || record.agentId === agentId).slice(-limit),
    pooled: () => agents.processes,
    ...{ kept, workers: noWorkers },
    connect: connectTo({ supervisor, clock, agents, visits }),
    depthOf: ({ environment }) => Number(environment['SUBAGENT_MCP_DEPTH'] ?? 0),
    mailboxOf: ({ environment }) => environment['SUBAGENT_MCP_MAILBOX'],
    findEnclosingChild: ({ environment: { SUBAGENT_MCP_NONCE: mark } }) =>
      mark === undefined ? undefined : { mark },
    nativeResume: ({ session }) => (session.id === undefined ? undefined : ['hand', '--resume', session.id]),
    routes: ({ category, cwd }) => Promise.resolve({ category, cwd }),
    configProblem: 'half a file',
    journalSize: () => ({ path: '/j', bytes: 42 }),
    worktrees: disabledWorktrees,
    ...createUserReports({ ...shared, state: { ...createInMemoryState(), history: shared.history } }).reports,
    stop: (order) => stops.push(order),
    log: (line) => logged.push(line),
  }
  const rule = (judge: ToolCallJudge): void => {
    policy.judge = judge
  }
  const told = { visits, stops, facts, records, logged }
  return { port, supervisor, ...mail, driver, clock, agents, kept, rule, ...told }
}

type ManualMail = Pick<ManualDaemon, 'mailbox' | 'takes'> & { slowMailbox: Mailbox }

/** Opens a SQLite mailbox in which a message that fails twice becomes a dead letter. */
function openManualMailbox(path: string, clock: ManualClock): Mailbox {
  return openSqliteMailbox({ path, clock, isAlive: () => true, rules: { maxTries: 2, backoffMs: 1 } })
}

/** A mailbox and a slow view of it, which delivers taken mail only when the test allows. */
function createManualMail(mailbox: Mailbox): ManualMail {
  const takes = { ready: Promise.resolve() }
  const slowMailbox: Mailbox = {
    ...mailbox,
    next: async (...asked) => {
      const batch = await mailbox.next(...asked)
      await takes.ready
      return batch
    },
  }
  return { mailbox, takes, slowMailbox }
}

function connectTo({ supervisor, clock, agents, visits }: Lobby): DaemonPort['connect'] {
  return (guest) => {
    if (guest.cwd === '/missing') throw new Error('no such folder')
    const visit = { caller: `caller-${visits.length + 1}`, guest, left: 0 }
    visits.push(visit)
    const { caller } = visit
    const { SUBAGENT_MCP_DEPTH: depth = 0, SUBAGENT_MCP_NONCE: mark } = guest.environment
    const inside = { depth: Number(depth), ...(mark !== undefined && { process: { mark } }) }
    const place = { project: guest.cwd, authority: manualAuthority, folder: guest.cwd, ...inside }
    supervisor.dispatch({ type: 'caller-connected', at: clock.now(), caller, ...place })
    const shared = { supervisor, caller, worktrees: disabledWorktrees }
    const port = createCallerAgents({
      ...{ ...shared, onHostExit: 'keep', definitions: agents.definitionsAt(guest.cwd) },
      kind: guest.mailbox === undefined ? 'request' : 'worker',
      folderOf: (path) => path ?? guest.cwd,
    })
    const isPerson = Number(depth) === 0
    return {
      caller,
      mayLaunch: true,
      port: {
        supervisor,
        stalledAfter: 600_000,
        agents: port,
        changes: createCallerChanges({ ...shared, isPerson, find: port.find, shared: () => [] }),
        saveText: (name) => ({ path: name }),
      },
      disconnect: () => {
        visit.left += 1
        disconnectCaller(supervisor, caller)
      },
    }
  }
}

type Lobby = Pick<ManualDaemon, 'supervisor' | 'clock' | 'agents' | 'visits'>

type Parts = Pick<ManualDaemon, 'driver' | 'clock' | 'facts' | 'records'> & { policy: Policy }
type Policy = { judge: ToolCallJudge }

function createManualSupervisor({ driver, clock, facts, records, policy }: Parts): Supervisor {
  const everyone = { candidates: [{ provider: 'claude' }] }
  let ids = 0
  return createSupervisor({
    drivers: [driver],
    environmentOf: () => ({}),
    routingOf: () => ({
      health: false,
      strongest: [],
      sources: {},
      categories: {
        math_proof: everyone,
        security_review: everyone,
        debugging: everyone,
        quality_review: everyone,
        architecture: everyone,
        agentic_execution: everyone,
        data_analysis: everyone,
        coding: everyone,
        knowledge_synthesis: everyone,
        mechanical: everyone,
        prompt_engineering: everyone,
        vulnerability_research: everyone,
        molecular_biology: everyone,
        ml_accelerator_design: everyone,
        fallback_default: everyone,
      },
    }),
    clock,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
    limits: { ...defaultSupervisorLimits, maxProcesses: 3, maxDepth: 2, answerWithin: 300_000 },
    judge: (...call) => policy.judge(...call),
    journal: {
      append: (more, lines) => {
        records.push(...lines)
        return facts.push(...more)
      },
      forget: () => undefined,
      factsOf: (id) => facts.flatMap((fact) => (idOf(fact) === id ? (parseJournaledFact(fact) ?? []) : [])),
      onProblem: () => undefined,
    },
    machine: { freeMemory: () => 1e12, others: () => emptySupervisorLoad, publish: () => undefined },
  })
}

function manualHistory(facts: readonly unknown[]): JournaledFactReader {
  return {
    lastSeq: () => facts.length,
    read: ({ after = 0, agentId, limit }) => {
      const page = facts
        .map((body, index) => ({ seq: index + 1, body }))
        .filter(({ seq, body }) => seq > after && (agentId === undefined || idOf(body) === agentId))
        .slice(0, limit)
      return {
        facts: page.flatMap(({ seq, body }) => {
          const fact = parseJournaledFact(body)
          return fact ? [{ seq, fact }] : []
        }),
        next: page.length === limit ? page.at(-1)?.seq : undefined,
      }
    },
  }
}

const Body = z.looseObject({
  agentId: z.string().optional(),
  profile: z.looseObject({ id: z.string() }).optional(),
})

function idOf(body: unknown): string | undefined {
  const { agentId, profile } = Body.parse(body)
  return agentId ?? profile?.id
}

async function launchAgent(client: DaemonClient, driver: ManualDriver): ReturnType<ManualDaemon['launched']> {
  const { agent } = await client.launch(launchBody)
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  return { id: agent.id, session }
}
