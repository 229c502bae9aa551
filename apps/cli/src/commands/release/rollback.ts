import { formatLocalDate, SubagentError } from '@subagent-mcp/contract'
import {
  isOurPartLeft,
  joinCommands,
  parseRunName,
  reinstallEarlierRelease,
  rollback as planRollback,
  type RollbackPlan,
  type RecordedFileUndo,
} from '@subagent-mcp/installer'
import {
  type ReleaseCommandContext,
  withReleaseLock,
  runReleaseCommand,
} from '../../releases/release-command-context.js'
import { defineCliCommand } from '../../command/define-cli-command.js'
import { jsonFlag, booleanArgSchema, yesFlag } from '../../command/arg-schemas.js'
import { endIdleDaemon } from '../../daemon/end-idle-daemon.js'
import { exitCode } from '../../exit.js'
import { printResult, type CliResult } from '../../terminal/print.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { askYesNo } from '../../terminal/input.js'
import { describeUndoneFiles } from '../host/uninstall-text.js'

export const rollbackCommand = defineCliCommand(
  {
    description: 'Undo the last update, setup or init: restore its files, and the release before an update',
    examples: ['rollback --dry-run', 'rollback --yes'],
    flags: {
      dryRun: booleanArgSchema('Print which files and release would be restored, and change nothing'),
      yes: yesFlag,
      json: jsonFlag,
    },
  },
  (args, context: ReleaseCommandContext) => rollBackLastChange(args, context),
  runReleaseCommand,
)

type RollbackOptions = { dryRun: boolean; yes: boolean; json: boolean }

/** Undoes the last change, if the user agrees. @throws SubagentError that names the release that is installed now */
export async function rollBackLastChange(
  { dryRun, yes, json }: RollbackOptions,
  context: ReleaseCommandContext,
): Promise<number> {
  const { terminal } = context
  const change = await lastChange(context)
  if (change === undefined) {
    await printResult(terminal, json, { text: 'there is nothing to undo', data: { files: [] } })
    return exitCode.failed
  }
  const plan = changeResult(change, change.plan.files, context)
  if (dryRun) return printResult(terminal, json, plan)
  if (!yes && !(await isAgreed(plan.text, context))) return exitCode.failed
  const files = await undo(change, context)
  await printResult(terminal, json, changeResult(change, files, context))
  return files.some(isOurPartLeft) ? exitCode.failed : exitCode.done
}

/** The last update, setup or init. `from` is the release before an update, unless that release is installed already. */
type Change = { plan: RollbackPlan; from: string | undefined }

async function lastChange(context: ReleaseCommandContext): Promise<Change | undefined> {
  const plan = planRollback(createInstallerOptions(context.terminal))
  if (plan === undefined) return undefined
  const update = plan.actions.find((action) => action.type === 'updated')
  return { plan, from: update && (await releaseBefore(update, context)) }
}

type Update = Extract<RollbackPlan['actions'][number], { type: 'updated' }>

/**
 * Returns the release before an update; `undefined` if that release is already installed. @throws SubagentError if another
 * installation was updated, or another release was installed since
 */
async function releaseBefore(
  { from, to, place }: Update,
  { source, run }: ReleaseCommandContext,
): Promise<string | undefined> {
  if (place !== source.place) {
    const message = `the last change is an update of another installation, ${place}; this one is ${source.place}`
    throw new SubagentError('not-supported', message, {
      hint: 'run the subagent-mcp rollback of that installation',
    })
  }
  const current = await source.current(run)
  if (current === from) return undefined
  if (current === to) return from
  const message = `the last change is the update to ${to}, but ${current} is installed: what was changed since would be lost`
  throw new SubagentError('not-supported', message, {
    hint: `to go back nevertheless: ${joinCommands(source.goBack(from))}`,
  })
}

async function isAgreed(plan: string, { terminal }: ReleaseCommandContext): Promise<boolean> {
  await terminal.stderr.print(`${plan}\n`)
  return askYesNo(terminal, 'undo this?', 'subagent-mcp rollback --yes does not ask', 'nothing was undone')
}

/** Undoes a change. Installs the older release first, because the files stay as they are if that fails. */
function undo({ plan, from }: Change, context: ReleaseCommandContext): Promise<RecordedFileUndo[]> {
  const { terminal, source } = context
  const mending = (from === undefined ? '' : joinCommands(source.goBack(from))) || 'run it again'
  return withReleaseLock(terminal, mending, async () => {
    if (planRollback(createInstallerOptions(terminal))?.run !== plan.run)
      throw new SubagentError('io-failed', 'another command changed files meanwhile', {
        hint: 'run subagent-mcp rollback again',
      })
    if (from !== undefined) {
      await terminal.stderr.print(`going back to ${from} ...\n`)
      await reinstallEarlierRelease(from, source, context.run)
    }
    const files = plan.apply()
    if (from !== undefined) await endIdleDaemon(terminal.environment)
    return files
  })
}

/** Describes a change of update, setup or init that was undone, or would be. */
function changeResult(
  { plan: { run, actions }, from }: Change,
  files: readonly RecordedFileUndo[],
  { terminal }: ReleaseCommandContext,
): CliResult {
  const title = titleOf(run)
  const parts = [
    `${title}:`,
    ...(from === undefined ? [] : [`the release: ${from}`]),
    ...(files.length === 0 ? [] : [describeUndoneFiles(files, terminal).trimEnd()]),
    ...(actions.some(({ type }) => type === 'chose') ? ['options of setup: as they were before'] : []),
  ]
  return { text: parts.join('\n'), data: { change: title, release: from ?? null, files } }
}

function titleOf(run: string): string {
  const parsed = parseRunName(run)
  if (parsed === undefined) return run
  const { command, time } = parsed
  return `${command} of ${formatLocalDate(time.getTime())} ${time.toTimeString().slice(0, 5)}`
}
