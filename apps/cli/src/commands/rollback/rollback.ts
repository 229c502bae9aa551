import { SubagentError } from '@subagent-mcp/contract'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag, toggle } from '../../command/values.js'
import { endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { exitCode } from '../../exit.js'
import { returnTo, typed } from '../../releases/change-release.js'
import { changing, type ReleaseDesk, withReleases } from '../../releases/release-desk.js'
import { agrees } from '../../terminal/agrees.js'
import { say, type Saying } from '../../terminal/say.js'
import { followingTrust } from '../../wiring/follow-trust.js'
import { machineOf } from '../../wiring/machine-of.js'
import { foreseeUndoRun, lastRun, titleOf, undoRun } from '../../wiring/undo-run.js'
import { isLeft, type UndoneFile } from '../../wiring/undo-wiring.js'
import type { Deed } from '../../wiring/wiring-data.js'
import { openWiringState, type WiringState } from '../../wiring/wiring-state.js'
import { describeUndone } from '../uninstall-report.js'

/** Undoes the last change. */
export const rollback = defineCommand(
  {
    description:
      'Undo the last update, setup or init: restore its files, and after an update the release before it',
    flags: {
      dryRun: toggle('Print what would be restored, and change nothing'),
      yes: toggle('Do not ask', 'y'),
      json: jsonFlag,
    },
  },
  (args) => withReleases((desk) => rollBack(args, desk)),
)

type RollbackOptions = { dryRun: boolean; yes: boolean; json: boolean }

/** Takes back the last change, when the person agrees. @throws SubagentError that says which release is there now */
export async function rollBack({ dryRun, yes, json }: RollbackOptions, desk: ReleaseDesk): Promise<number> {
  const { terminal } = desk
  const state = openWiringState(terminal.environment, terminal.now(), 'rollback')
  const change = await lastChange(state, desk)
  if (change === undefined) {
    await say(terminal, json, { text: 'there is nothing to take back', data: { files: [] } })
    return exitCode.failed
  }
  const plan = saying(change, foreseeUndoRun(state, change.run), desk)
  if (dryRun) {
    await say(terminal, json, plan)
    return exitCode.done
  }
  if (!yes && !(await isAgreed(plan.text, desk))) return exitCode.failed
  const files = await takeBack(change, state, desk)
  await say(terminal, json, saying(change, files, desk))
  return files.some(isLeft) ? exitCode.failed : exitCode.done
}

/** What one command did; `from` is the release to go back to, where it is not there yet. */
type Change = { run: string; from: string | undefined; isChoice: boolean }

async function lastChange(state: WiringState, desk: ReleaseDesk): Promise<Change | undefined> {
  const data = state.read()
  const run = lastRun(data)
  if (run === undefined) return undefined
  const deeds = data.deeds.filter((deed) => deed.run === run)
  const isChoice = deeds.some(({ type }) => type === 'chose')
  const update = deeds.find((deed) => deed.type === 'updated')
  return { run, isChoice, from: update && (await releaseBefore(update, desk)) }
}

/** Only what the update brought is taken away, and only where it was brought. @throws SubagentError */
async function releaseBefore(
  { from, to, place }: Extract<Deed, { type: 'updated' }>,
  { source, run }: ReleaseDesk,
): Promise<string | undefined> {
  if (place !== source.place) {
    const message = `the last change is an update of another installation, ${place}; this one is ${source.place}`
    throw new SubagentError('not-supported', message, { hint: 'run its own subagent-mcp rollback' })
  }
  const current = await source.current(run)
  if (current === from) return undefined
  if (current === to) return from
  const message = `the last change is the update to ${to}, and ${current} is there: what came since would be lost`
  throw new SubagentError('not-supported', message, {
    hint: `to go back all the same: ${typed(source.goBack(from))}`,
  })
}

async function isAgreed(plan: string, { terminal }: ReleaseDesk): Promise<boolean> {
  await terminal.stderr.print(`${plan}\n`)
  const isWanted = await agrees(terminal, 'take this back?', 'subagent-mcp rollback --yes does not ask')
  if (!isWanted) await terminal.stderr.print('nothing was taken back\n')
  return isWanted
}

/** The release first: while it cannot be had, its files stay as they are. */
function takeBack({ run, from }: Change, state: WiringState, desk: ReleaseDesk): Promise<UndoneFile[]> {
  const { terminal, source } = desk
  const mending = (from === undefined ? '' : typed(source.goBack(from))) || 'run it again'
  return changing(terminal, mending, async () => {
    if (lastRun(state.read()) !== run)
      throw new SubagentError('io-failed', 'something else was changed meanwhile', { hint: 'run it again' })
    if (from !== undefined) {
      await terminal.stderr.print(`going back to ${from} ...\n`)
      await returnTo(from, source, desk.run)
    }
    const files = followingTrust(machineOf(terminal), state, () => undoRun(state, run))
    if (from !== undefined) await endIdleDaemon(terminal.environment)
    return files
  })
}

/** What would become, or became, of the release and of the files. */
function saying(
  { run, from, isChoice }: Change,
  files: readonly UndoneFile[],
  { terminal }: ReleaseDesk,
): Saying {
  const title = titleOf(run)
  const parts = [
    `${title}:`,
    ...(from === undefined ? [] : [`the release: ${from}`]),
    ...(files.length === 0 ? [] : [describeUndone(files, terminal).trimEnd()]),
    ...(isChoice ? ['what setup was told: as it was before'] : []),
  ]
  return { text: parts.join('\n'), data: { change: title, release: from ?? null, files } }
}
