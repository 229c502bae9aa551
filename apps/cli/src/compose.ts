import { systemClock, type Driver } from '@subagent-mcp/contract'
import {
  createSupervisor,
  drain,
  hasRoomToSpare,
  shutDown,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import { checkOwnPlace } from '@subagent-mcp/client'
import type { DaemonPort } from '@subagent-mcp/daemon'
import { acpProfile, createAcpDriver, geminiProfile, type AcpAgent } from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import {
  createWatchdog,
  depthOf,
  mailboxOf,
  ownerIsAlive,
  processPlace,
  projectOf,
  residentMemory,
  settlesWithin,
  startTime,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { lossText, openJournal, type Journal, type Owner } from '@subagent-mcp/journal'
import { createModeService, openModeStore, type ModeService } from '@subagent-mcp/orchestration'
import { createPool, type Pool } from '@subagent-mcp/pool'
import { randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createAgentsDesk } from './agents/agents-desk.js'
import { recipeRule } from './agents/recipe-rule.js'
import { askRoutes } from './daemon/ask-routes.js'
import { createEnvironments, type Environments } from './daemon/caller-environments.js'
import { hostCeiling } from './permissions/host-ceiling.js'
import { createJudge } from './permissions/judge.js'
import { userHome, type Config } from './settings/config.js'
import { factHistory, factJournal, permissionRecords } from './daemon/fact-journal.js'
import { createCallerMail, type CallerMail } from './mail/caller-mail.js'
import { houseMailbox, type HouseMailboxParts } from './mail/house-mailbox.js'
import type { LateMailbox } from './mail/late-mailbox.js'
import { keepMarkers } from './mail/mail-markers.js'
import { openFleet, type FleetKeeper } from './fleet/open-fleet.js'
import { once } from './once.js'
import { ownScript } from './own-script.js'
import { daemonEnvironment } from './daemon/daemon-environment.js'
import { existingFolder } from './settings/folders.js'
import { homeFolder } from './settings/home-folder.js'
import { readHouseFiles, type HouseFiles } from './settings/house-files.js'
import { limitsOf } from './settings/limits.js'
import { machineOf } from './daemon/machine.js'
import { createReception } from './daemon/reception.js'
import { keepTidy, recoverHouse } from './daemon/recover-house.js'

/** The house, wired: the only place that knows concrete drivers, the real clock, real ids and real files. */
export type House = Omit<DaemonPort, 'stop' | 'log'> & {
  fleet: FleetKeeper
  config: Config
  journal: Journal
  /** Takes over from owners of the journal that are dead: their agents, and the processes that they left. */
  recover(): Promise<void>
  /** Lets running turns end, for at most so many milliseconds; none begins any more. */
  drain(limit: number): Promise<void>
  /** Whether a process of an agent or of a worker lives, or is to be started. */
  isBusy(): boolean
  /** Ends all agents, in bounded time, running ones as interrupted; none begins any more. Once, however often it is asked. */
  endAgents(): Promise<void>
  /** Ends all agents, and lets go of everything. */
  close(): Promise<void>
}

/** Who composes: a daemon, or a server for one host. */
export type ComposeOptions = {
  kind: 'daemon' | 'in-process'
  environment: NodeJS.ProcessEnv
  version: string
  log: (line: string) => void
}

/** How long agents may take to end by themselves, in milliseconds: a host's crash must not leave them for 5 s. */
const shutdownLimit = 4_000

/**
 * Puts the parts together. No process is started before the first launch.
 * @throws SubagentError when the journal cannot be kept, or the folder for it can be another user's
 */
export function compose({ kind, environment, version, log }: ComposeOptions): House {
  const home = ownHome(environment)
  const files = readHouseFiles(environment)
  const { config, stalledAfter, routingOf, problem } = files
  const watchdog = createWatchdog()
  const journal = openOwnJournal({ kind, version, nonce: watchdog.nonce }, { home, log })
  const { supervisor, pool, drivers, environments } = assemble({ files, environment, watchdog, journal, log })
  // One server's own life is too short for the history of all: that is a daemon's to take over.
  const recover = (): Promise<void> =>
    kind === 'daemon' ? recoverHouse({ journal, supervisor, log }) : Promise.resolve()
  // What the user wants kept is not known while the configuration cannot be read.
  const rules = problem === undefined ? config.journal : undefined
  const { mailFor, closeMail, ...mail } = openMail(kind, { files, home, log })
  const stopTidying = rules && keepTidy({ journal, supervisor, rules, ...mail, log })
  const fleet = houseFleet({ environment, version, home, log })
  const endAgents = once(() => endAll(supervisor, pool))
  const agentsFor = createAgentsDesk({ pool, drivers, supervisor, config, checkConfig: files.check })
  const modeFor = modesIn(home)
  return {
    supervisor,
    ...mail,
    version,
    stalledAfter,
    ...(problem !== undefined && { configProblem: problem }),
    config,
    journal,
    recover,
    welcome: createReception({
      ceiling: hostCeiling(files),
      ...{ supervisor, environments, config, stalledAfter, home, recover, agentsFor, modeFor, mailFor },
    }),
    ...{ depthOf, mailboxOf },
    history: factHistory(journal),
    records: (query) => permissionRecords(journal.records(query)),
    nativeResume: (agent) => nativeResume(drivers, agent),
    routes: ({ cwd, ...query }) =>
      askRoutes({ ...query, drivers, table: routingOf(projectOf(existingFolder(cwd, cwd))) }),
    ...{ journalSize: journal.size, pooled: pool.processes, fleet },
    drain: (limit) => drain(supervisor, limit),
    isBusy: () => supervisor.fleet().open.size > 0 || pool.load().processes > 0 || fleet.isUp(),
    endAgents,
    close: async () => {
      stopTidying?.()
      await endAgents()
      await closeMail()
      await watchdog.close()
      journal.close()
    },
  }
}

function modesIn(stateFolder: string): ModeService {
  return createModeService({
    store: openModeStore({ stateFolder, now: systemClock.now }),
    // The module of all hosts is large, and few calls need it.
    hookedHosts: async (project) =>
      (await import('@subagent-mcp/installer')).hookedHosts(stateFolder, project),
  })
}

function ownHome(environment: NodeJS.ProcessEnv): string {
  const home = homeFolder(environment)
  checkOwnPlace(home)
  return home
}

type Mail = { mailbox: LateMailbox; host: string; mailFor: CallerMail; closeMail: () => Promise<void> }

/** The mailbox, and who has mail in it. Of what waits a daemon tells the hooks: it hears of all that comes. */
function openMail(kind: ComposeOptions['kind'], parts: HouseMailboxParts): Mail {
  const [mailbox, host] = [houseMailbox(parts), hostname()]
  const stop = kind === 'daemon' ? keepMarkers({ ...parts, mailbox, clock: systemClock }) : undefined
  const closeMail = (): Promise<void> => {
    stop?.()
    return mailbox.close()
  }
  return { mailbox, host, mailFor: createCallerMail({ mailbox, host, log: parts.log }), closeMail }
}

type Parts = Pick<ComposeOptions, 'environment' | 'log'> & {
  files: HouseFiles
  watchdog: Watchdog
  journal: Journal
}
type Assembled = {
  supervisor: Supervisor
  pool: Pool
  drivers: ReadonlyMap<string, Driver>
  environments: Environments
}

/** The supervisor, whose drivers have the pool before them. */
function assemble({ files, environment, watchdog, journal, log }: Parts): Assembled {
  const { config, stalledAfter, routingOf } = files
  const drivers = createDrivers(watchdog, config)
  const environments = createEnvironments()
  // Rules are the user's: `~` is the home that they wrote them for, whatever a caller's own environment says.
  const judge = createJudge({
    testCommands: config.permissions.testCommands,
    home: userHome(environment),
    ownHome: homeFolder(environment),
  })
  const pool = createPool({
    drivers,
    clock: systemClock,
    newId: randomUUID,
    memoryOf: residentMemory,
    hasRoomToSpare: () => hasRoomToSpare(supervisor),
    rule: recipeRule(judge),
    onChange: () => {
      supervisor.dispatch({ type: 'pool-changed', at: systemClock.now(), pool: pool.load() })
    },
    log,
  })
  const supervisor = createSupervisor({
    drivers: new Map([...drivers].map(([id, driver]) => [id, pool.pooled(driver)])),
    environmentOf: environments.of,
    routingOf,
    clock: systemClock,
    judge,
    usualPermissions: config.permissions.preset,
    ...(config.permissions.unanswered && { unanswered: config.permissions.unanswered }),
    limits: limitsOf(config, stalledAfter),
    journal: factJournal(journal, log),
    machine: machineOf(journal, log),
    pool,
    ids: { agent: () => freshId(journal), message: randomUUID },
  })
  environments.watch(supervisor)
  return { supervisor, pool, drivers, environments }
}

/** Tasks are told before their processes go: they are interrupted, and have not crashed. */
async function endAll(supervisor: Supervisor, pool: Pool): Promise<void> {
  const agentsEnd = shutDown(supervisor, shutdownLimit)
  await Promise.all([agentsEnd, settlesWithin(pool.close(), shutdownLimit)])
}

/** This process enters the journal by what names it for good: its pid, where that is one, and when it started. */
function openOwnJournal(
  self: Pick<Owner, 'kind' | 'version' | 'nonce'>,
  { home, log }: { home: string; log: (line: string) => void },
): Journal {
  return openJournal({
    path: join(home, 'journal.db'),
    owner: { ...self, ...ownProcess() },
    isAlive: ownerIsAlive,
    onForeign: (agentIds) => {
      log(`another daemon has taken over ${agentIds.join(', ')}: what happens to it here is not kept`)
    },
    onLoss: (loss) => {
      log(`something that was acknowledged is gone: ${lossText(loss)}`)
    },
    onUnnoted: (problem) => {
      log(`${problem}; until it can be, a loss of the journal may not be noticed`)
    },
    now: systemClock.now,
  })
}

function ownProcess(): Pick<Owner, 'pid' | 'startTime' | 'place'> {
  return { pid: process.pid, startTime: startTime(process.pid) ?? '-', place: processPlace() }
}

function houseFleet(parts: Pick<ComposeOptions, 'environment' | 'version' | 'log'> & { home: string }) {
  const { environment, version, home, log } = parts
  return openFleet({
    ...{ home, log, script: ownScript, clock: systemClock },
    environment: daemonEnvironment(environment),
    owner: { ...ownProcess(), version },
  })
}

function nativeResume(
  drivers: ReadonlyMap<string, Driver>,
  { route, session }: Agent,
): readonly string[] | undefined {
  return session.id === undefined
    ? undefined
    : drivers.get(route.current.provider)?.nativeResume?.(session.id)
}

/** A driver for each provider, by its id: the three of the house, and the user's own ACP agents. */
export function createDrivers(
  watchdog: Watchdog,
  { acpAgents }: { acpAgents: readonly AcpAgent[] },
): ReadonlyMap<string, Driver> {
  const drivers = [
    createClaudeDriver({ watchdog }),
    createCodexDriver({ watchdog }),
    createAcpDriver({ watchdog, profile: geminiProfile }),
    ...acpAgents.map((agent) => createAcpDriver({ watchdog, profile: acpProfile(agent) })),
  ]
  return new Map(drivers.map((driver) => [driver.id, driver]))
}

/** Four letters and digits that no model mixes up, and that no agent in the journal has, whoever runs it. */
function freshId(journal: Journal): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  for (;;) {
    const id = [...randomBytes(4)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
    if (journal.read({ agentId: id, limit: 1 }).length === 0) return id
  }
}
