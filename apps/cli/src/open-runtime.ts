import { once, systemClock } from '@subagent-mcp/contract'
import { createToolCallJudge } from '@subagent-mcp/core'
import { createCodexMessageQueue } from '@subagent-mcp/driver-codex'
import { createDaemonEnvironment } from '@subagent-mcp/daemon'
import { createWatchdog, type Watchdog } from '@subagent-mcp/driver-kit'
import type { Journal } from '@subagent-mcp/journal'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { createModeService, openModeStore, type ModeService } from '@subagent-mcp/orchestration'
import {
  readApprovedProjectGates,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
} from '@subagent-mcp/runtime'
import { openState, type FolderState, type StateOptions } from '@subagent-mcp/runtime/state'
import { createDrivers } from './drivers.js'
import { openConfiguredMailbox } from './mail/configured-mailbox.js'
import { keepMailHintsFileCurrent } from './mail/mail-hints.js'
import { createNotifyOptions } from './notify/notice-senders.js'
import { getConfigPath, readUserConfig, type UserConfig } from './settings/config.js'
import { listAccountSecretFiles } from './settings/account-settings.js'
import {
  getConfiguredHostCeiling,
  getConfiguredSupervisorLimits,
  getConfiguredDefinitionTrust,
} from './settings/runtime-settings.js'
import { getUserHomeFolder } from '@subagent-mcp/definitions'
import { getStateFolderPath, getTrustedStateFolder } from './settings/state-folder.js'
import { readUserSettings, type UserSettings } from './settings/user-settings.js'
import { resolveWorktreeSettings } from './settings/worktree-settings.js'
import { startTraceExport } from './traces/start-trace-export.js'
import { getSessionMcpServer, getWorkersFolder } from './worker/session-server.js'

/** A runtime over the user's files: the configuration, the state folder, and all drivers. */
export type OpenRuntime = Runtime & {
  config: UserConfig
  journal: Journal
  /** The problem of a configuration file that cannot be used; the runtime then has default settings. Missing without one. */
  configProblem?: string
}

export type OpenRuntimeOptions = {
  /** `in-process`: an MCP server that runs the agents itself, and shares the state folder with daemons. */
  kind: 'daemon' | 'in-process'
  environment: NodeJS.ProcessEnv
  version: string
  log: (line: string) => void
  /** The snapshots of the journal, if a check of it has found no damage after they were read. Default: the opening checks it. */
  checkedSnapshots?: StateOptions['checkedSnapshots']
  /** Called when a worker is started, with the user's settings. */
  onWorker?: (config: UserConfig) => void
}

/**
 * Opens a runtime with the user's configuration and folders. No process is started before the first launch.
 * @throws SubagentError when the journal cannot be opened, or when its folder may belong to another user
 */
export function openRuntime(options: OpenRuntimeOptions): OpenRuntime {
  const { environment } = options
  const files = readUserSettings(environment)
  const { config, problem } = files
  const home = getTrustedStateFolder(environment)
  const watchdog = createWatchdog()
  const state = openOwnState(options, { home, watchdog, maxWakes: config.wake.maxTurns })
  const mailbox = openConfiguredMailbox({ files, home, store: state.source.store, log: options.log })
  const stopMailHints = keepMailHints(options, { mailbox, home })
  const runtime = createRuntime({
    drivers: [...createDrivers(watchdog, config).values()],
    ...{ state, mailbox, log: options.log },
    ...settingsOf(files, environment),
    ...{ modeFor: modesIn(home), setupFor: setupForHost },
    workers: workerSupport(options, config),
    // Only a daemon sees the agents of all hosts.
    ...(options.kind === 'daemon' && {
      checks: { watchdog, ...checkSettings(config, environment) },
      notify: createNotifyOptions(config.notify, {
        environment: createDaemonEnvironment(environment),
        ...{ watchdog, clock: systemClock },
      }),
      ...(config.wake.codex && {
        wake: {
          queue: createCodexMessageQueue({ watchdog, clock: systemClock }),
          maxTurns: config.wake.maxTurns,
          folder: home,
        },
      }),
    }),
  })
  const traces = startTraceExport(runtime, { ...options, allowedHosts: config.traceHosts })
  return {
    ...runtime,
    ...{ config, journal: state.source },
    ...(problem !== undefined && { configProblem: problem }),
    recover: async () => {
      await traces?.ready
      await runtime.recover()
    },
    close: once(async () => {
      await runtime.endAgents()
      // Traces are sent before the journal is closed, because timers may write to it while this waits for the collector.
      await traces?.stop()
      stopMailHints()
      await watchdog.close()
      await runtime.close()
    }),
  }
}

/** The settings of this runtime's workers: the folder of their files, and the MCP server of their sessions. */
function workerSupport(
  { environment, onWorker }: OpenRuntimeOptions,
  config: UserConfig,
): NonNullable<RuntimeOptions['workers']> {
  return {
    folder: getWorkersFolder(environment),
    server: getSessionMcpServer(environment),
    maxBytes: Math.floor(config.mailbox.maxKilobytes * 1024),
    onStart: () => onWorker?.(config),
  }
}

function modesIn(stateFolder: string): ModeService {
  return createModeService({
    store: openModeStore({ stateFolder, now: systemClock.now }),
    // Loaded when needed, because the installer is large and few calls need it.
    hookedHosts: async (project) => {
      const { findHostsWithOurHooks, describeThisMachine } = await import('@subagent-mcp/installer')
      return findHostsWithOurHooks(stateFolder, project, describeThisMachine())
    },
  })
}

/** Lets users of a host without a terminal run the setup in a form of the host. */
const setupForHost: NonNullable<RuntimeOptions['setupFor']> = (caller) => {
  // Loaded when needed, because the installer is large and few calls need it.
  const load = () => import('./setup/host-setup.js')
  return {
    look: async () => (await load()).inspectSetupFromHost(caller),
    answer: async (answers) => (await load()).applySetupFromHost(caller, answers),
  }
}

function openOwnState(
  { kind, version, log, checkedSnapshots }: OpenRuntimeOptions,
  { home, watchdog, maxWakes }: { home: string; watchdog: Watchdog; maxWakes: number },
): FolderState {
  const { nonce } = watchdog
  return openState({ folder: home, role: kind, version, nonce, checkedSnapshots, maxWakes, log })
}

/** Keeps the file of waiting mail for hooks current. Only a daemon does, because it sees all mail. */
function keepMailHints({ kind, log }: OpenRuntimeOptions, about: { mailbox: Mailbox; home: string }) {
  return kind === 'daemon' ? keepMailHintsFileCurrent({ ...about, log, clock: systemClock }) : () => undefined
}

function settingsOf(files: UserSettings, environment: NodeJS.ProcessEnv) {
  const { config, stalledAfter, routingOf, problem } = files
  const { permissions } = config
  return {
    ...{ stalledAfter, routingOf, checkSettings: files.check, ceiling: getConfiguredHostCeiling(files) },
    accounts: config.accounts,
    limits: getConfiguredSupervisorLimits(config, stalledAfter),
    permissions: permissions.preset,
    ...(permissions.unanswered && { unanswered: permissions.unanswered }),
    onHostExit: config.onHostExit,
    tools: config.tools,
    // `~` in a rule stands for the home folder of the user who wrote the rule, whatever the caller's environment says.
    judge: createToolCallJudge({
      testCommands: permissions.testCommands,
      home: getUserHomeFolder(environment),
      ownHome: getStateFolderPath(environment),
      secretFiles: listAccountSecretFiles(config.accounts),
    }),
    trust: getConfiguredDefinitionTrust(config, environment),
    poolDefaults: config.pool,
    worktrees: {
      ...resolveWorktreeSettings(config.worktree, environment),
      // The setting is read at each launch, because the user may change it while the daemon runs.
      setUpOf: (root: string) =>
        resolveWorktreeSettings(readUserConfig(environment).worktree, environment).setUpOf(root),
    },
    // Without a readable configuration nothing is deleted, because the user may want to keep agents longer.
    retention: problem === undefined ? config.journal : undefined,
  }
}

/** Returns the settings of commands that check the work of agents, with the user's approvals of commands that projects propose. */
function checkSettings(
  { checks }: UserConfig,
  environment: NodeJS.ProcessEnv,
): NonNullable<RuntimeOptions['checks']> {
  const settingsPlace = getConfigPath(environment)
  return {
    ...checks,
    projectGates: (project) => {
      const { approvedGates } = readUserConfig(environment)
      return readApprovedProjectGates(project, { approvedGates, settingsPlace })
    },
  }
}
