import {
  type TypedCommand,
  shareCommandTimeLimit,
  joinCommands,
  releaseQuerySeconds,
} from '@subagent-mcp/installer'
import { systemClock } from '@subagent-mcp/contract'
import {
  withReleaseLock,
  type ReleaseCommandContext,
  runReleaseCommand,
} from '../../releases/release-command-context.js'
import { defineCommandWithoutTerminal } from '../../command/define-cli-command.js'
import { createFlagExcludesRule, createFlagNeedsRule } from '../../command/arg-rules.js'
import { jsonFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { runOnTerminal } from '../../terminal/open-terminal.js'
import { printResult, type CliResult } from '../../terminal/print.js'
import { installRelease, type ReleaseReplacement } from './install-release.js'
import { finishUpdate, openUpdateRecords, refreshHostFiles } from './refresh-files.js'

export const updateCommand = defineCommandWithoutTerminal(
  {
    description: 'Install the newest release of subagent-mcp, and update the files that setup and init wrote',
    examples: ['update', 'update --check'],
    flags: {
      check: booleanArgSchema('Print whether there is a newer release, and install nothing'),
      dryRun: booleanArgSchema('Print what would be run and written, and change nothing'),
      after: textArgSchema(
        'release',
        'Only update files, after you replaced this older release yourself',
      ).exactOptional(),
      run: textArgSchema(
        'name',
        'Name by which rollback finds the changes; for update itself',
      ).exactOptional(),
      json: jsonFlag,
    },
    rules: [
      createFlagExcludesRule('check', ['dryRun', 'after']),
      createFlagExcludesRule('dryRun', ['after']),
      createFlagNeedsRule('run', 'after'),
    ],
  },
  ({ after, check, dryRun, json, ...run }) =>
    after === undefined
      ? runReleaseCommand((context) =>
          updateProgram({ does: check ? 'check' : dryRun ? 'plan' : 'update', json }, context),
        )
      : runOnTerminal((terminal) => finishUpdate({ ...run, json }, terminal)),
)

/** The step of `update` to run: look for a newer release, plan its installation, or install it. */
export type UpdateProgramOptions = { does: 'check' | 'plan' | 'update'; json: boolean }

/** Looks for a newer release, and plans or installs it. @throws SubagentError that names the release that is installed now */
export async function updateProgram(
  options: UpdateProgramOptions,
  context: ReleaseCommandContext,
  clock = systemClock,
): Promise<number> {
  const { terminal, run, source, installed } = context
  await terminal.stderr.print(`asking ${source.asks} for the newest release ...\n`)
  const onSlow = (words: TypedCommand): void => {
    const waits = `still waiting for ${source.asks}, by ${joinCommands([words])}`
    void terminal.stderr.print(`${waits}; gives up after ${releaseQuerySeconds} s\n`)
  }
  const asking = shareCommandTimeLimit(run, { clock, seconds: releaseQuerySeconds, onSlow })
  const current = await source.current(asking)
  const newer = await source.newer(asking)
  const head = newer === undefined ? `${current} is the newest release` : `${current} can become ${newer}`
  const done = await act(options, newer === undefined ? undefined : { from: current, to: newer }, context)
  return printResult(terminal, options.json, {
    text: [head, ...(done.text === '' ? [] : [done.text])].join('\n'),
    data: { current, newer: newer ?? null, installed, ...done.data },
  })
}

/** The result of a step of `update`; its data become fields of the command's JSON. */
type PartialResult = CliResult & { data: object }

async function act(
  { does, json }: UpdateProgramOptions,
  step: ReleaseReplacement | undefined,
  context: ReleaseCommandContext,
): Promise<PartialResult> {
  if (does === 'check') return { text: '', data: {} }
  if (step !== undefined)
    return does === 'plan' ? planInstall(step, context) : installRelease(step, context, json)
  // A release that was installed by hand has not updated the files of setup and init yet.
  const { terminal } = context
  const records = openUpdateRecords(terminal)
  if (does === 'plan') return refreshHostFiles(terminal, records, { isDryRun: true })
  return withReleaseLock(terminal, 'run it again', () => Promise.resolve(refreshHostFiles(terminal, records)))
}

/** Returns the commands that an update would run. It lists no files, because only the newer release knows which it writes. */
function planInstall({ from, to }: ReleaseReplacement, { source }: ReleaseCommandContext): PartialResult {
  const commands = [...source.install(to), [...source.program(to).words, 'update', '--after', from] as const]
  const lines = commands.map((words) => `would run: ${joinCommands([words])}`)
  return {
    text: [...lines, 'would restart the daemon if no caller uses it'].join('\n'),
    data: { commands },
  }
}
