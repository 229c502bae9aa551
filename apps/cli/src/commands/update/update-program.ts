import { systemClock } from '@subagent-mcp/contract'
import {
  joinCommands,
  releaseQuerySeconds,
  withSharedDeadline,
  type TypedCommand,
} from '@subagent-mcp/installer'
import { exitCode } from '../../exit.js'
import { withReleaseLock, type ReleaseContext } from '../../releases/release-desk.js'
import { say, type Saying } from '../../terminal/say.js'
import { openUpdate, planFiles, refreshFiles } from './files.js'
import { installRelease, type ReleaseStep } from './install.js'

/** What is wanted of a newer release. */
export type UpdateOptions = { does: 'check' | 'plan' | 'update'; json: boolean }

/** Says what there is to do, or does it. @throws SubagentError that says which release is there now */
export async function updateProgram(
  options: UpdateOptions,
  desk: ReleaseContext,
  clock = systemClock,
): Promise<number> {
  const { terminal, run, source, installed } = desk
  await terminal.stderr.print(`asking ${source.asks} for the newest release ...\n`)
  const onSlow = (words: TypedCommand): void => {
    const waits = `still waiting for ${source.asks}, by ${joinCommands([words])}`
    void terminal.stderr.print(`${waits}; gives up after ${releaseQuerySeconds} s\n`)
  }
  const asking = withSharedDeadline(run, { clock, seconds: releaseQuerySeconds, onSlow })
  const current = await source.current(asking)
  const newer = await source.newer(asking)
  const head = newer === undefined ? `${current} is the newest release` : `${current} can become ${newer}`
  const done = await act(options, newer === undefined ? undefined : { from: current, to: newer }, desk)
  const text = [head, ...(done.text === '' ? [] : [done.text])].join('\n')
  await say(terminal, options.json, {
    text,
    data: { current, newer: newer ?? null, installed, ...done.data },
  })
  return exitCode.done
}

async function act(
  { does, json }: UpdateOptions,
  step: ReleaseStep | undefined,
  desk: ReleaseContext,
): Promise<Saying> {
  if (does === 'check') return { text: '', data: {} }
  if (step !== undefined) return does === 'plan' ? planInstall(step, desk) : installRelease(step, desk, json)
  // A release that came by hand has not yet brought its own files up to date.
  const { terminal } = desk
  const records = openUpdate(terminal)
  if (does === 'plan') return planFiles(terminal, records)
  return withReleaseLock(terminal, 'run it again', () => Promise.resolve(refreshFiles(terminal, records)))
}

/** Which files the newer release will write it alone knows. */
function planInstall({ from, to }: ReleaseStep, { source }: ReleaseContext): Saying {
  const commands = [...source.install(to), [...source.program(to).words, 'update', '--after', from] as const]
  const lines = commands.map((words) => `would run: ${joinCommands([words])}`)
  return { text: [...lines, 'would restart the daemon if nobody uses it'].join('\n'), data: { commands } }
}
