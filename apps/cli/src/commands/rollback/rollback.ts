import { SubagentError } from '@subagent-mcp/contract'
import {
  isStillInFile,
  joinCommands,
  parseRun,
  returnToRelease,
  rollback as planRollback,
  type RollbackPlan,
  type UndoneFile,
} from '@subagent-mcp/installer'
import { defineCommand } from '../../command/define-command.js'
import { jsonFlag, toggle } from '../../command/values.js'
import { endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { exitCode } from '../../exit.js'
import { localDate } from '../../local-date.js'
import { withReleaseLock, type ReleaseContext, withReleases } from '../../releases/release-desk.js'
import { installerOptions } from '../../settings/installer-options.js'
import { agrees } from '../../terminal/agrees.js'
import { say, type Saying } from '../../terminal/say.js'
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

/** Undoes the last change, if the user agrees. @throws SubagentError that says which release is installed now */
export async function rollBack(
  { dryRun, yes, json }: RollbackOptions,
  desk: ReleaseContext,
): Promise<number> {
  const { terminal } = desk
  const change = await lastChange(desk)
  if (change === undefined) {
    await say(terminal, json, { text: 'there is nothing to take back', data: { files: [] } })
    return exitCode.failed
  }
  const plan = saying(change, change.plan.files, desk)
  if (dryRun) {
    await say(terminal, json, plan)
    return exitCode.done
  }
  if (!yes && !(await isAgreed(plan.text, desk))) return exitCode.failed
  const files = await takeBack(change, desk)
  await say(terminal, json, saying(change, files, desk))
  return files.some(isStillInFile) ? exitCode.failed : exitCode.done
}

/** The last command that changed something. `from` is the release to install again, if another one is there. */
type Change = { plan: RollbackPlan; from: string | undefined }

async function lastChange(desk: ReleaseContext): Promise<Change | undefined> {
  const plan = planRollback(installerOptions(desk.terminal))
  if (plan === undefined) return undefined
  const update = plan.actions.find((action) => action.type === 'updated')
  return { plan, from: update && (await releaseBefore(update, desk)) }
}

type Update = Extract<RollbackPlan['actions'][number], { type: 'updated' }>

/** The release before an update, unless the update was to another installation or is not the last one. @throws SubagentError */
async function releaseBefore(
  { from, to, place }: Update,
  { source, run }: ReleaseContext,
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
    hint: `to go back all the same: ${joinCommands(source.goBack(from))}`,
  })
}

async function isAgreed(plan: string, { terminal }: ReleaseContext): Promise<boolean> {
  await terminal.stderr.print(`${plan}\n`)
  const isWanted = await agrees(terminal, 'take this back?', 'subagent-mcp rollback --yes does not ask')
  if (!isWanted) await terminal.stderr.print('nothing was taken back\n')
  return isWanted
}

/** The release comes first: when it cannot be installed, the files stay as they are. */
function takeBack({ plan, from }: Change, desk: ReleaseContext): Promise<UndoneFile[]> {
  const { terminal, source } = desk
  const mending = (from === undefined ? '' : joinCommands(source.goBack(from))) || 'run it again'
  return withReleaseLock(terminal, mending, async () => {
    if (planRollback(installerOptions(terminal))?.run !== plan.run)
      throw new SubagentError('io-failed', 'something else was changed meanwhile', { hint: 'run it again' })
    if (from !== undefined) {
      await terminal.stderr.print(`going back to ${from} ...\n`)
      await returnToRelease(from, source, desk.run)
    }
    const files = plan.apply()
    if (from !== undefined) await endIdleDaemon(terminal.environment)
    return files
  })
}

/** What is, or was, undone. */
function saying(
  { plan: { run, actions }, from }: Change,
  files: readonly UndoneFile[],
  { terminal }: ReleaseContext,
): Saying {
  const title = titleOf(run)
  const parts = [
    `${title}:`,
    ...(from === undefined ? [] : [`the release: ${from}`]),
    ...(files.length === 0 ? [] : [describeUndone(files, terminal).trimEnd()]),
    ...(actions.some(({ type }) => type === 'chose') ? ['what setup was told: as it was before'] : []),
  ]
  return { text: parts.join('\n'), data: { change: title, release: from ?? null, files } }
}

function titleOf(run: string): string {
  const parsed = parseRun(run)
  if (parsed === undefined) return run
  const { command, time } = parsed
  return `${command} of ${localDate(time.getTime())} ${time.toTimeString().slice(0, 5)}`
}
