import { parseJson, SubagentError } from '@subagent-mcp/contract'
import { switchRelease, joinCommands, rollback, runProgram, type Records } from '@subagent-mcp/installer'
import { type ReleaseCommandContext, withReleaseLock } from '../../releases/release-command-context.js'
import { createInstallerOptions } from '../../settings/installer-options.js'
import { openUpdateRecords } from './refresh-files.js'
import { endIdleDaemon, type IdleDaemonEnd } from '../../daemon/end-idle-daemon.js'

export type ReleaseReplacement = { from: string; to: string }

/**
 * Replaces this release by a newer one, and runs the newer one to update files, because only the newer release knows their contents.
 * Afterwards this process cannot load further modules, because its own files are deleted.
 * @throws SubagentError that names the release that is installed now
 */
export async function installRelease(
  step: ReleaseReplacement,
  context: ReleaseCommandContext,
  json: boolean,
) {
  const { terminal, source } = context
  const mending = joinCommands(source.goBack(step.from)) || 'run it again'
  return withReleaseLock(terminal, mending, async () => {
    const followed = await install(step, context, json)
    const daemon = await renewDaemon(step, context)
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

/** Installs a release. Records the update first, because a broken new release could not name the release that it replaced. */
async function install(
  { from, to }: ReleaseReplacement,
  { terminal, source, run }: ReleaseCommandContext,
  json: boolean,
): Promise<string> {
  const records = openUpdateRecords(terminal)
  recordUpdate(records, { from, to, place: source.place })
  await terminal.stderr.print(`installing ${to} ...\n`)
  const words = ['update', '--after', from, '--run', records.run, ...(json ? ['--json'] : [])]
  return switchRelease(
    { source, from, to, run },
    {
      follow: () => runProgram(source.program(to), words, run),
      undo: () => void rollback({ ...createInstallerOptions(terminal), run: records.run })?.apply(),
    },
  )
}

function recordUpdate({ run, change }: Records, update: ReleaseReplacement & { place: string }): void {
  const action = { type: 'updated', run, ...update } as const
  change((data) => ({ ...data, deeds: [...data.deeds, action] }))
}

/** Restarts the daemon once the new release is known to work; until then the daemon of the old release keeps running. */
async function renewDaemon(
  { to }: ReleaseReplacement,
  { terminal, source, run }: ReleaseCommandContext,
): Promise<IdleDaemonEnd> {
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
        hint: 'find out why: subagent-mcp doctor; or go back: subagent-mcp rollback',
        cause,
      },
    )
  }
}

function daemonLines(daemon: IdleDaemonEnd, { to }: ReleaseReplacement): string[] {
  if (daemon.type === 'stays') return [`${daemon.why}, and keeps running; new sessions of hosts get ${to}`]
  if (daemon.type === 'lingers')
    return [`daemon ${daemon.pid} is ending; the next session of a host gets ${to}`]
  return []
}
