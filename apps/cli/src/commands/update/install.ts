import { installerOptions } from '../../settings/installer-options.js'
import { openUpdate } from './files.js'
import { parseJson, SubagentError } from '@subagent-mcp/contract'
import { changeRelease, joinCommands, rollback, runProgram, type Records } from '@subagent-mcp/installer'
import { endIdleDaemon, type DaemonEnd } from '../../daemon/end-idle-daemon.js'
import { withReleaseLock, type ReleaseContext } from '../../releases/release-desk.js'
import type { Saying } from '../../terminal/say.js'

/** The release that is there, and the one that takes its place. */
export type ReleaseStep = { from: string; to: string }

/**
 * Puts the newer release in the place of this one, and has it do the rest: it alone knows what its files should be.
 * From then on nothing of this program can be loaded any more, for its own files are gone.
 * @throws SubagentError that says which release is there now
 */
export async function installRelease(
  step: ReleaseStep,
  desk: ReleaseContext,
  json: boolean,
): Promise<Saying> {
  const { terminal, source } = desk
  const mending = joinCommands(source.goBack(step.from)) || 'run it again'
  return withReleaseLock(terminal, mending, async () => {
    const followed = await install(step, desk, json)
    const daemon = await renewDaemon(step, desk)
    const texts = [
      `${step.to} is installed; subagent-mcp rollback goes back to ${step.from}`,
      followed.trimEnd(),
      ...daemonLines(daemon, step),
    ]
    return {
      text: texts.join('\n'),
      data: { updated: true, followed: parseJson(followed) ?? followed, daemon },
    }
  })
}

/** On record before anything is changed: a release that does nothing more cannot say what was before it. */
async function install(
  { from, to }: ReleaseStep,
  { terminal, source, run }: ReleaseContext,
  json: boolean,
): Promise<string> {
  const records = openUpdate(terminal)
  note(records, { from, to, place: source.place })
  await terminal.stderr.print(`installing ${to} ...\n`)
  const words = ['update', '--after', from, '--run', records.run, ...(json ? ['--json'] : [])]
  return changeRelease(
    { source, from, to, run },
    {
      follow: () => runProgram(source.program(to), words, run),
      undo: () => void rollback({ ...installerOptions(terminal), run: records.run })?.apply(),
    },
  )
}

function note({ run, change }: Records, update: ReleaseStep & { place: string }): void {
  const action = { type: 'updated', run, ...update } as const
  change((data) => ({ ...data, deeds: [...data.deeds, action] }))
}

/** Only now, for without a release that works the old one goes on. */
async function renewDaemon(
  { to }: ReleaseStep,
  { terminal, source, run }: ReleaseContext,
): Promise<DaemonEnd> {
  const daemon = await endIdleDaemon(terminal.environment)
  try {
    if (daemon.type === 'ended') await runProgram(source.program(to), ['daemon', 'start'], run)
    return daemon
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    throw new SubagentError(
      'io-failed',
      `${to} is installed, but its daemon does not start: ${cause.message}`,
      {
        hint: 'subagent-mcp doctor says what is wrong; subagent-mcp rollback goes back',
        cause,
      },
    )
  }
}

function daemonLines(daemon: DaemonEnd, { to }: ReleaseStep): string[] {
  if (daemon.type === 'stays') return [`${daemon.why}, and goes on; new sessions of hosts get ${to}`]
  if (daemon.type === 'lingers')
    return [`daemon ${daemon.pid} is ending; the next session of a host gets ${to}`]
  return []
}
