import type { FilePlan, RefusedChange } from '@subagent-mcp/installer'
import { exitCode } from '../exit.js'
import { projectOf } from '../settings/folders.js'
import { homeFolder } from '../settings/home-folder.js'
import { planLeftovers } from '../wiring/leftovers.js'
import { machineOf } from '../wiring/machine-of.js'
import { purgeHome } from '../wiring/purge-home.js'
import { foreseeUndo, isLeft, undoWiring, type UndoneFile } from '../wiring/undo-wiring.js'
import { openWiringState, type WiringState } from '../wiring/wiring-state.js'
import { writePlanned } from '../wiring/write-planned.js'
import { agrees } from '../terminal/agrees.js'
import { plural } from '../terminal/amounts.js'
import type { Terminal } from '../terminal/terminal.js'
import { stopAtTerminal } from './daemon-stop.js'
import type { UninstallOrder } from './uninstall-order.js'
import { describeUndone, uninstallReport, type Purged } from './uninstall-report.js'

/** Shows which files are meant, asks, takes ours out of them, and says what is left. @throws SubagentError */
export async function takeAllBack(order: UninstallOrder, terminal: Terminal): Promise<number> {
  const { environment, stdout } = terminal
  const state = openWiringState(environment, terminal.now())
  const foreseen = foreseeUndo(state)
  const leftovers = leftoversOf(foreseen, terminal)
  const all = [...foreseen, ...leftovers.map(foreseeLeftover)]
  const tell = (files: readonly UndoneFile[], purged?: Purged): Promise<void> =>
    stdout.print(order.json ? uninstallReport(files, purged) : describeUndone(files, terminal, purged))
  if (order.dryRun) {
    await tell(all)
    return exitCode.done
  }
  if (!order.yes && (all.length > 0 || order.purge)) {
    if (!order.json) await tell(all)
    const what = `take ${plural(all.length, 'file')} back${order.purge ? ', and forget all agents and backups' : ''}?`
    if (!(await agrees(terminal, what, 'subagent-mcp uninstall --yes does not ask'))) {
      await terminal.stderr.print('nothing was taken back\n')
      return exitCode.failed
    }
  }
  const files = [...undoWiring(state), ...leftovers.map((item) => takeOut(item, state))]
  if (state.read().choices.length > 0) state.unchoose()
  const isWhole = !files.some(isLeft)
  await tell(files, order.purge ? await purge(isWhole, terminal) : undefined)
  return isWhole ? exitCode.done : exitCode.failed
}

type Leftover = FilePlan | RefusedChange

function leftoversOf(recorded: readonly UndoneFile[], terminal: Terminal): Leftover[] {
  const paths = new Set(recorded.map(({ path }) => path))
  return planLeftovers({ machine: machineOf(terminal), project: projectOf(terminal.cwd), recorded: paths })
}

function foreseeLeftover(item: Leftover): UndoneFile {
  if (item.type === 'write') return { path: item.path, type: 'taken-out' }
  return { path: item.change.path, type: 'refused', why: item.why }
}

/** Off the record: to undo it would put ours back. */
function takeOut(item: Leftover, { backups }: WiringState): UndoneFile {
  const foreseen = foreseeLeftover(item)
  if (item.type === 'refused') return foreseen
  const unrecorded = { backups, add: () => undefined, remove: () => undefined }
  const wrote = writePlanned(item, unrecorded, 'user')
  return wrote.type === 'written' ? foreseen : { path: item.path, type: 'refused', why: wrote.why }
}

/** Not while something is left: the records say how to take it back. */
async function purge(isWhole: boolean, terminal: Terminal): Promise<Purged> {
  if (!isWhole) return { type: 'not-purged', why: 'not all files could be taken back' }
  const stopped = await stopAtTerminal(terminal)
  if (stopped?.type === 'stays') return { type: 'not-purged', why: `daemon ${stopped.pid} does not end` }
  const folder = homeFolder(terminal.environment)
  return { type: 'purged', folder, kept: purgeHome(folder) }
}
