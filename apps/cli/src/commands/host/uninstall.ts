import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import {
  findInstalledPlugins,
  isOurPartLeft,
  uninstall,
  type RecordedFileUndo,
} from '@subagent-mcp/installer'
import { createFlagNeedsRule } from '../../command/arg-rules.js'
import { jsonFlag, booleanArgSchema, yesFlag } from '../../command/arg-schemas.js'
import { findOtherVersionDaemons } from '../../daemon/other-daemons.js'
import { exitCode } from '../../exit.js'
import { findDaemonServiceFile } from '../../service/daemon-service.js'
import { formatOtherVersionCommand } from '../../releases/server-command.js'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { readUserSettings } from '../../settings/user-settings.js'
import { openUserWorktrees } from '../../settings/worktree-settings.js'
import { purgeStateFolder, findPurgeObstacle } from '../../settings/purge-state-folder.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { askYesNo } from '../../terminal/input.js'
import { printJson } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { connectRunningDaemon } from '../../daemon/connect-or-start-daemon.js'
import { stopDaemonAtTerminal } from '../daemon/start-stop.js'
import {
  describeRemainingPlugins,
  describePurgeOutcome,
  describeUndoneFiles,
  describeRemainingWorktrees,
  type RemainingWorktrees,
  formatUninstallQuestion,
  type PurgeOutcome,
} from './uninstall-text.js'

export const uninstallCommand = defineTerminalCommand(
  {
    description: 'Remove all that setup and init wrote to files of hosts and projects; agents and logs stay',
    examples: ['uninstall --dry-run', 'uninstall --purge --yes'],
    flags: {
      purge: booleanArgSchema('Also delete the state folder: all agents, transcripts, backups and logs'),
      dryRun: booleanArgSchema('Print which files would be restored, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [createFlagNeedsRule('json', 'yes', 'dryRun')],
  },
  async (options, terminal) => {
    const plan = uninstall({ ...createInstallerOptions(terminal), project: findProjectRoot(terminal.cwd) })
    if (options.dryRun) {
      await printOutcome(options, terminal, { files: plan.files, purge: () => planPurge(terminal) })
      return exitCode.done
    }
    if (!options.yes && !(await isAgreed(options, plan.files, terminal))) return exitCode.failed
    const files = plan.apply()
    const isWhole = !files.some(isOurPartLeft)
    const purged = await printOutcome(options, terminal, { files, purge: () => purge(isWhole, terminal) })
    return isWhole && purged?.type !== 'not-purged' ? exitCode.done : exitCode.failed
  },
)

type OutcomeOptions = { purge: boolean; json: boolean }

/** Asks the person to agree to the changes; without asking, returns true when there is nothing to undo. */
async function isAgreed(
  options: OutcomeOptions,
  planned: readonly RecordedFileUndo[],
  terminal: Terminal,
): Promise<boolean> {
  const question = formatUninstallQuestion(options, planned, terminal)
  if (question === undefined) return true
  await printOutcome(options, terminal, { files: planned, purge: () => planPurge(terminal) })
  return askYesNo(terminal, question, 'subagent-mcp uninstall --yes does not ask', 'nothing was undone')
}

type Outcome = { files: readonly RecordedFileUndo[]; purge: () => Promise<PurgeOutcome> | PurgeOutcome }

/** Prints files and purges the state. A person sees the files before the state is deleted; JSON is printed as one value. */
async function printOutcome(
  { purge: purges, json }: OutcomeOptions,
  terminal: Terminal,
  { files, purge: run }: Outcome,
): Promise<PurgeOutcome | undefined> {
  const { stdout } = terminal
  const plugins = findInstalledPlugins(
    createInstallerOptions(terminal).machine,
    findProjectRoot(terminal.cwd),
  )
  if (!json) await stdout.print(`${describeUndoneFiles(files, terminal)}${describeRemainingPlugins(plugins)}`)
  const purge = purges ? await run() : undefined
  const worktrees = purges ? await keptWorktrees(terminal) : undefined
  if (json) await printJson(terminal, { files, plugins, ...omitUndefined({ purge, worktrees }) })
  else if (purge)
    await stdout.print(
      `${describePurgeOutcome(purge, terminal)}${describeRemainingWorktrees(worktrees, terminal)}`,
    )
  return purge
}

/** The worktrees of agents, which a purge leaves on disk, because they may hold work that nobody has taken. */
async function keptWorktrees({ environment }: Terminal): Promise<RemainingWorktrees | undefined> {
  const { folder, list } = openUserWorktrees(readUserSettings(environment).config.worktree, environment)
  const all = await list()
  if (all.length === 0) return undefined
  return { folder, number: all.length, changed: all.filter(({ state }) => state !== 'unchanged').length }
}

/**
 * Returns the files that a purge would delete, or the reason why it is refused: the daemon of a service would write to the folder again.
 */
function planPurge({ environment, home }: Terminal): PurgeOutcome {
  const folder = getStateFolderPath(environment)
  const service = findDaemonServiceFile(environment)
  const why =
    findPurgeObstacle(folder, home) ?? (service && `${service} is installed (subagent-mcp service uninstall)`)
  return why === undefined ? { type: 'to-purge', folder } : { type: 'not-purged', why }
}

/**
 * Deletes the program's state and returns errors. Keeps the state if files could not be restored, because its records are needed for that.
 */
async function purge(isWhole: boolean, terminal: Terminal): Promise<PurgeOutcome> {
  const planned = planPurge(terminal)
  if (planned.type !== 'to-purge') return planned
  if (!isWhole) return { type: 'not-purged', why: 'not all files could be restored' }
  try {
    const why = (await runningWorker(terminal)) ?? (await endDaemon(terminal))
    if (why !== undefined) return { type: 'not-purged', why }
    return { type: 'purged', folder: planned.folder, kept: purgeStateFolder(planned.folder) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'not-purged', why: error.message }
    throw error
  }
}

/** Ends the daemon of this version; returns why a daemon still runs. Daemons of other versions serve other hosts and are not ended. */
async function endDaemon(terminal: Terminal): Promise<string | undefined> {
  const [other] = await findOtherVersionDaemons(terminal.environment)
  if (other !== undefined) {
    const { pid, version } = other
    return `daemon ${pid} of version ${version} runs (${formatOtherVersionCommand(version, 'daemon stop')})`
  }
  const stopped = await stopDaemonAtTerminal(terminal)
  return stopped?.type === 'stays' ? `daemon ${stopped.pid} does not end` : undefined
}

/** Describes a worker whose `worker` command still runs, because that command would start the daemon again; `undefined` if none runs. */
async function runningWorker({ environment }: Terminal): Promise<string | undefined> {
  const workers = (await (await connectRunningDaemon(environment))?.workers()) ?? []
  const worker = workers.find(({ kept }) => !kept)
  return worker && `worker ${worker.name} runs (subagent-mcp workers stop --all)`
}
