import { SubagentError } from '@subagent-mcp/contract'
import type { ReleaseSource } from './release-source.js'
import { joinCommands, type TypedCommand, type CommandRunner, type ProgramStart } from './run-command.js'

/** The replacement of the release `from` by `to`. */
export type ReleaseTransition = { source: ReleaseSource; from: string; to: string; run: CommandRunner }

/**
 * Installs a release, and then calls `follow`, which lets the new release do its part. When one of the two fails, the old
 * release is installed again and `undo` is called.
 * @throws SubagentError that says which release is installed now
 */
export async function switchRelease<Result>(
  change: ReleaseTransition,
  { follow, undo }: { follow: () => Promise<Result>; undo: () => void },
): Promise<Result> {
  const { source, to, run } = change
  try {
    await runAll(source.install(to), run)
    await checkVersion(source, to, run)
    return await follow()
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    await restoreRelease(change, cause)
    undo()
    throw new SubagentError('io-failed', `${failureOf(change, cause)}\n${change.from} is in its place`, {
      hint: 'nothing else was changed; try again later, or report it',
      cause,
    })
  }
}

/** Installs an earlier release. When that fails, the later one is not installed again. @throws SubagentError */
export async function reinstallEarlierRelease(
  release: string,
  source: ReleaseSource,
  run: CommandRunner,
): Promise<void> {
  await runAll(source.goBack(release), run)
  await checkVersion(source, release, run)
}

/** Runs the program of an installed release and returns its output. @throws SubagentError */
export function runProgram(
  { words, folders }: ProgramStart,
  args: readonly string[],
  run: CommandRunner,
): Promise<string> {
  return run({ words: [...words, ...args], folders, seconds: programSeconds })
}

/** The time limit for starting a host's server, in seconds. The first start is slow, because npx fetches the package. */
const programSeconds = 60

/** Checks the release by `--version`, because a package manager may have installed it in another place. @throws SubagentError */
async function checkVersion(source: ReleaseSource, release: string, run: CommandRunner): Promise<void> {
  const answer = (await runProgram(source.program(release), ['--version'], run)).trim()
  if (source.isAnswer(answer, release)) return
  throw new SubagentError('io-failed', `asked for its version it says '${answer.slice(0, 200)}'`)
}

async function runAll(commands: readonly TypedCommand[], run: CommandRunner): Promise<void> {
  for (const words of commands) await run({ words, seconds: 900 })
}

async function restoreRelease(change: ReleaseTransition, cause: SubagentError): Promise<void> {
  const { source, from, run } = change
  try {
    if (!(await isInstalled(from, source, run))) await reinstallEarlierRelease(from, source, run)
  } catch (error) {
    const message = `${failureOf(change, cause)}\n${from} could not be put back: ${String(error)}`
    throw new SubagentError('io-failed', message, { hint: joinCommands(source.goBack(from)), cause })
  }
}

async function isInstalled(release: string, source: ReleaseSource, run: CommandRunner): Promise<boolean> {
  try {
    await checkVersion(source, release, run)
    return (await source.current(run)) === release
  } catch (error) {
    if (error instanceof SubagentError) return false
    throw error
  }
}

function failureOf({ to }: ReleaseTransition, cause: SubagentError): string {
  return `${to} could not be used: ${cause.message}`
}
