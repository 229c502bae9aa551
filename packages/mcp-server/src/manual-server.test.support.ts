import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import {
  createMemoryJournal,
  createSupervisor,
  type FactJournal,
  type SupervisorLimits,
  type ToolCallRuling,
  type Supervisor,
} from '@subagent-mcp/core'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { PassThrough } from 'node:stream'
import { createManualChanges, type ManualChanges } from './manual-changes.test.support.js'
import { createManualAgents, type ManualAgents } from './manual-agents.test.support.js'
import { createManualMail, type ManualMail } from './manual-mail.test.support.js'
import { createManualMode, type ManualMode } from './manual-mode.test.support.js'
import { playHost, type TestHost } from './play-host.test.support.js'
import type { MailPort } from './ports/mail-port.js'
import type { McpPort, AutomaticTurnCount } from './ports/mcp-port.js'
import type { SetupPort } from './ports/setup-port.js'
import { serveMcp } from './serve-mcp.js'

/** An MCP server whose driver, clock and policy the test controls, and a host that is connected to it. */
export type ManualServer = {
  driver: ManualDriver
  clock: ManualClock
  supervisor: Supervisor
  changes: ManualChanges
  agents: ManualAgents
  mode: ManualMode
  mail: ManualMail
  host: TestHost
  /** The texts that were saved to files, by name. */
  saved: Map<string, string>
  /** The policy's decision on the next tool calls; at first a model or a person may allow them. */
  policy: { verdict: ToolCallRuling }
  /** The number of reads after which the journal cannot be read. */
  journal: { readsLeft: number }
  /** Connects another host. */
  connect(caller: string, how?: ManualHost): Promise<Pick<ManualServer, 'host' | 'close'>>
  /** Launches an agent whose session opens at once. */
  launched(name?: string): Promise<{ id: string; session: ManualSession }>
  close(): Promise<void>
}

/** A valid launch. It names provider and model, so that no other candidate is tried. */
export const launchArguments = {
  prompt: 'do it',
  task_category: 'coding',
  provider: 'claude',
  model: 'opus',
  effort: 'high',
}

type ManualOptions = ManualHost & {
  setup?: SetupPort
  hasMode?: boolean
  hasMail?: boolean
  limits?: Partial<SupervisorLimits>
}

/** A host's connection. `depth`: the number of agent sessions that it runs inside. `capabilities`: what it declares, in 2026 with each request. */
type ManualHost = {
  mayLaunch?: boolean
  offers?: readonly string[]
  offersAll?: true
  /** The mail of this host, instead of the one that the test keeps. */
  mail?: MailPort
  depth?: number
  project?: string
  callLimit?: () => number
  untypedTurns?: AutomaticTurnCount
  /** The name that it gives itself. */
  client?: string
  capabilities?: object
  speaks?: '2025' | '2026'
}

/** Starts a manual server with one driver and the shipped routing table; agent ids count up. */
export async function startManualServer(options: ManualOptions = {}): Promise<ManualServer> {
  const [driver, clock, mode] = [createManualDriver(), createManualClock(), createManualMode()]
  const mail = createManualMail(clock)
  const saved = new Map<string, string>()
  const policy: ManualServer['policy'] = { verdict: { verdict: 'ask', by: 'preset ask', humanOnly: false } }
  const journal = { readsLeft: Infinity }
  const supervisor = manualSupervisor({ driver, clock, policy, journal }, options.limits)
  const agents = createManualAgents(supervisor)
  const changes = createManualChanges()
  const port: Omit<McpPort, 'agents'> = {
    supervisor,
    stalledAfter: 600_000,
    changes,
    ...((options.hasMode ?? true) && { mode }),
    ...((options.hasMail ?? true) && { mail }),
    ...(options.setup && { setup: options.setup }),
    saveText: (name, text) => {
      saved.set(name, text)
      return { path: `/kept/${name}` }
    },
  }
  const connect: ManualServer['connect'] = (caller, how) => connectHost({ port, agents }, caller, how)
  const { host, close } = await connect('me', options)
  const launched: ManualServer['launched'] = (name) => launchAgent(driver, host, name)
  return {
    driver,
    clock,
    supervisor,
    agents,
    changes,
    mode,
    mail,
    host,
    saved,
    policy,
    journal,
    connect,
    close,
    launched,
  }
}

function manualSupervisor(
  { driver, clock, policy, journal }: Pick<ManualServer, 'driver' | 'clock' | 'policy' | 'journal'>,
  limits: Partial<SupervisorLimits> = {},
): Supervisor {
  let ids = 0
  return createSupervisor({
    drivers: [driver],
    clock,
    limits,
    journal: unreadableJournal(journal),
    judge: () => policy.verdict,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  })
}

function unreadableJournal(journal: ManualServer['journal']): FactJournal {
  const memory = createMemoryJournal()
  return {
    ...memory,
    factsOf: (agentId, order) => {
      if (journal.readsLeft === 0) throw new SubagentError('io-failed', 'the journal cannot be read')
      journal.readsLeft -= 1
      return memory.factsOf(agentId, order)
    },
  }
}

async function connectHost(
  shared: { port: Omit<McpPort, 'agents'>; agents: ManualAgents },
  caller: string,
  {
    mayLaunch = true,
    offers,
    offersAll,
    mail,
    depth = 0,
    project = '/p',
    callLimit,
    untypedTurns,
    client = 'test',
    capabilities = {},
    speaks = '2025',
  }: ManualHost = {},
): ReturnType<ManualServer['connect']> {
  const own = { ...(mail && { mail }), ...(untypedTurns && { untypedTurns }) }
  const port = { ...shared.port, agents: shared.agents.portOf(caller), ...own }
  const authority = { preset: 'accept-edits', rules: { deny: [], ask: [], allow: [] } } as const
  const place = { project, folder: '/p' }
  port.supervisor.dispatch({ type: 'caller-connected', at: 0, caller, ...place, depth, authority })
  const [input, output, problems]: [PassThrough, PassThrough, Error[]] = [
    new PassThrough(),
    new PassThrough(),
    [],
  ]
  const onProblem = (error: Error): unknown => problems.push(error)
  const rights = { mayLaunch, ...omitUndefined({ offers, offersAll, callLimit }) }
  const close = serveMcp({ port, caller, version: '1.2.3', ...rights, input, output, onProblem })
  const streams = { input, output, problems }
  const declared = { clientInfo: { name: client, version: '1' }, capabilities }
  const host = speaks === '2025' ? playHost(streams) : playHost(streams, envelope(declared))
  await (speaks === '2025' ? greet(host, declared) : host.request('server/discover'))
  return { host, close }
}

type Declared = { clientInfo: object; capabilities: object }

async function greet(host: TestHost, declared: Declared): Promise<void> {
  await host.request('initialize', { protocolVersion: '2025-11-25', ...declared })
  host.write('{"jsonrpc":"2.0","method":"notifications/initialized"}')
}

function envelope({ clientInfo, capabilities }: Declared): object {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    progressToken: 1,
  }
}

async function launchAgent(
  driver: ManualDriver,
  host: TestHost,
  name?: string,
): ReturnType<ManualServer['launched']> {
  const [agent] = await host.agents('launch_agent', { ...launchArguments, ...(name && { name }) })
  const session = driver.sessions.at(-1)
  if (!agent || !session) throw new Error('nothing was launched')
  await session.open()
  return { id: agent.id, session }
}
