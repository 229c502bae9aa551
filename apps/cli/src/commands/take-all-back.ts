import { SubagentError } from '@subagent-mcp/contract'
import { projectOf } from '@subagent-mcp/driver-kit'
import { isStillInFile, uninstall, type UndoneFile } from '@subagent-mcp/installer'
import { otherDaemons } from '../daemon/other-daemons.js'
import { exitCode } from '../exit.js'
import { homeFolder } from '../settings/home-folder.js'
import { installerOptions } from '../settings/installer-options.js'
import { serviceOf } from '../service/daemon-service.js'
import { purgeHome, whyNotPurge } from '../settings/purge-home.js'
import { workerRows } from '../worker/worker-rows.js'
import { agrees } from '../terminal/agrees.js'
import type { Terminal } from '../terminal/terminal.js'
import { stopAtTerminal } from './daemon/stop.js'
import {
  describePurge,
  describeUndone,
  uninstallQuestion,
  uninstallReport,
  type Purged,
  type UninstallOrder,
} from './uninstall-report.js'

/** Shows which files are meant, asks, takes ours out of them, and says what is left. @throws SubagentError */
export async function takeAllBack(order: UninstallOrder, terminal: Terminal): Promise<number> {
  const plan = uninstall({ ...installerOptions(terminal), project: projectOf(terminal.cwd) })
  if (order.dryRun) {
    await tell(order, terminal, { files: plan.files, purge: () => foreseePurge(terminal) })
    return exitCode.done
  }
  if (!(await isAgreed(order, plan.files, terminal))) {
    await terminal.stderr.print('nothing was taken back\n')
    return exitCode.failed
  }
  const files = plan.apply()
  const isWhole = !files.some(isStillInFile)
  const purged = await tell(order, terminal, { files, purge: () => purge(isWhole, terminal) })
  return isWhole && purged?.type !== 'not-purged' ? exitCode.done : exitCode.failed
}

/** Where there is nothing to take, nobody is asked. */
async function isAgreed(
  order: UninstallOrder,
  foreseen: readonly UndoneFile[],
  terminal: Terminal,
): Promise<boolean> {
  const question = uninstallQuestion(order, foreseen, terminal)
  if (order.yes || question === undefined) return true
  await tell(order, terminal, { files: foreseen, purge: () => foreseePurge(terminal) })
  return agrees(terminal, question, 'subagent-mcp uninstall --yes does not ask')
}

type Telling = { files: readonly UndoneFile[]; purge: () => Promise<Purged> | Purged }

/** A person reads of the files before our state goes; a program reads all at once. */
async function tell(
  order: UninstallOrder,
  terminal: Terminal,
  { files, purge }: Telling,
): Promise<Purged | undefined> {
  const { stdout } = terminal
  if (!order.json) await stdout.print(describeUndone(files, terminal))
  const purged = order.purge ? await purge() : undefined
  if (order.json) await stdout.print(uninstallReport(files, purged))
  else if (purged) await stdout.print(describePurge(purged, terminal))
  return purged
}

function foreseePurge({ environment, home }: Terminal): Purged {
  const folder = homeFolder(environment)
  const why = whyNotPurge(folder, home) ?? whyKept(serviceOf(environment))
  return why === undefined ? { type: 'to-purge', folder } : { type: 'not-purged', why }
}

/** Its daemon takes the place of the one that a purge ends, and writes there anew. */
function whyKept(service: string | undefined): string | undefined {
  return service && `${service} is there (subagent-mcp service uninstall)`
}

/** Not while something is left: the records say how to take it back. What goes wrong keeps nobody from the report. */
async function purge(isWhole: boolean, terminal: Terminal): Promise<Purged> {
  const foreseen = foreseePurge(terminal)
  if (foreseen.type !== 'to-purge') return foreseen
  if (!isWhole) return { type: 'not-purged', why: 'not all files could be taken back' }
  try {
    const why = await endDaemons(terminal)
    if (why !== undefined) return { type: 'not-purged', why }
    return { type: 'purged', folder: foreseen.folder, kept: purgeHome(foreseen.folder) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'not-purged', why: error.message }
    throw error
  }
}

/**
 * Why our state stays in use. Daemons of other versions have hosts and agents that are not ours to end, and a worker that
 * no fleet has would start a daemon again.
 */
async function endDaemons(terminal: Terminal): Promise<string | undefined> {
  const [other] = await otherDaemons(terminal.environment)
  if (other !== undefined) {
    const { pid, version } = other
    return `daemon ${pid} of version ${version} runs (npx -y subagent-mcp@${version} daemon stop)`
  }
  const stopped = await stopAtTerminal(terminal)
  if (stopped?.type === 'stays') return `daemon ${stopped.pid} does not end`
  const rows = workerRows(homeFolder(terminal.environment), terminal.now())
  const worker = rows.find(({ pid }) => pid !== undefined)
  return worker && `worker ${worker.name} runs (subagent-mcp workers stop --all)`
}
