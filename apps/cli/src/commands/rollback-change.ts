import { exitCode } from '../exit.js'
import { returnTo } from '../releases/change-release.js'
import { endIdleDaemon } from '../daemon/end-idle-daemon.js'
import { lastChange, type Change } from '../releases/last-change.js'
import { sourceOf, type ReleaseDesk } from '../releases/release-desk.js'
import { foreseeUndo, isLeft, undoWiring, type UndoneFile } from '../wiring/undo-wiring.js'
import { changeUpdates } from '../releases/update-history.js'
import { openWiringState } from '../wiring/wiring-state.js'
import { agrees } from '../terminal/agrees.js'
import { say, type Saying } from './daemon-command.js'
import type { RollbackOrder } from './rollback-order.js'
import { describeUndone } from './uninstall-report.js'

/** Takes back the last change, when the person agrees. @throws SubagentError that says which release is there now */
export async function rollBack({ dryRun, yes, json }: RollbackOrder, desk: ReleaseDesk): Promise<number> {
  const { terminal } = desk
  const state = openWiringState(terminal.environment, terminal.now())
  const change = lastChange(terminal.environment, state)
  if (change === undefined) {
    await say(terminal, json, { text: 'there is nothing to take back', data: { files: [] } })
    return exitCode.failed
  }
  const plan = saying(change, foreseeUndo(change.files), desk)
  if (dryRun) {
    await say(terminal, json, plan)
    return exitCode.done
  }
  if (!yes && !(await isAgreed(plan.text, desk))) return exitCode.failed
  // The files first: the program that knows how is gone with its release.
  const files = undoWiring(change.files)
  if (state.read().files.length === 0) state.unchoose()
  if (change.from !== undefined) await goBack(change.from, change.run, desk)
  await say(terminal, json, saying(change, files, desk))
  return files.some(isLeft) ? exitCode.failed : exitCode.done
}

async function isAgreed(plan: string, { terminal }: ReleaseDesk): Promise<boolean> {
  await terminal.stderr.print(`${plan}\n`)
  const isWanted = await agrees(terminal, 'take this back?', 'subagent-mcp rollback --yes does not ask')
  if (!isWanted) await terminal.stderr.print('nothing was taken back\n')
  return isWanted
}

/** Only once it is there the update is forgotten: to try again goes on from here. */
async function goBack(
  release: string,
  updated: string,
  { installed, run, terminal }: ReleaseDesk,
): Promise<void> {
  await endIdleDaemon(terminal.environment)
  await terminal.stderr.print(`going back to ${release} ...\n`)
  await returnTo(release, sourceOf(installed), run)
  changeUpdates(terminal.environment, (updates) => updates.filter((update) => update.run !== updated))
}

/** What would become, or became, of the release and of the files. */
function saying({ from }: Change, files: readonly UndoneFile[], { terminal }: ReleaseDesk): Saying {
  const parts = [
    ...(from === undefined ? [] : [`the release: ${from}`]),
    ...(files.length === 0 ? [] : [describeUndone(files, terminal).trimEnd()]),
  ]
  return { text: parts.join('\n'), data: { release: from ?? null, files } }
}
