import { SubagentError } from '@subagent-mcp/contract'
import type { Program, Runner, Words } from './run-words.js'
import type { ReleaseSource } from './source.js'

/** From which release to which, and who does it. */
export type ReleaseChange = { source: ReleaseSource; from: string; to: string; run: Runner }

/**
 * Installs a release and has it do what `follow` asks of it. One that cannot be installed, or does not do that, makes
 * way for the one that was there, and then `undo` is called.
 * @throws SubagentError that says what is there now
 */
export async function changeRelease<Result>(
  change: ReleaseChange,
  { follow, undo }: { follow: () => Promise<Result>; undo: () => void },
): Promise<Result> {
  const { source, to, run } = change
  try {
    await runAll(source.install(to), run)
    await checkAnswer(source, to, run)
    return await follow()
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    await comeBack(change, cause)
    undo()
    throw new SubagentError('io-failed', `${failureOf(change, cause)}\n${change.from} is in its place`, {
      hint: 'nothing else was changed; try again later, or report it',
      cause,
    })
  }
}

/** Goes to an earlier release: what was there is not put back, for it is not wanted. @throws SubagentError */
export async function returnTo(release: string, source: ReleaseSource, run: Runner): Promise<void> {
  await runAll(source.goBack(release), run)
  await checkAnswer(source, release, run)
}

/** Runs the program of a release. @throws SubagentError */
export function runProgram(
  { words, folders }: Program,
  args: readonly string[],
  run: Runner,
): Promise<string> {
  return run({ words: [...words, ...args], folders, seconds: programSeconds })
}

/** Commands as they are typed one after the other. */
export function typed(commands: readonly Words[]): string {
  return commands.map((words) => words.join(' ')).join(' && ')
}

/** A first start is a slow one, and npx fetches the package. */
const programSeconds = 60

/** A manager may have put it somewhere else, so the version is looked at too. */
async function checkAnswer(source: ReleaseSource, release: string, run: Runner): Promise<void> {
  const answer = (await runProgram(source.program(release), ['--version'], run)).trim()
  if (source.isAnswer(answer, release)) return
  throw new SubagentError('io-failed', `asked for its version it says '${answer.slice(0, 200)}'`)
}

async function runAll(commands: readonly Words[], run: Runner): Promise<void> {
  for (const words of commands) await run({ words, seconds: 900 })
}

/** Where nothing was changed nothing is installed: what kept the new release out may keep the old one out too. */
async function comeBack(change: ReleaseChange, cause: SubagentError): Promise<void> {
  const { source, from, run } = change
  try {
    if (!(await isThere(from, source, run))) await returnTo(from, source, run)
  } catch (error) {
    const message = `${failureOf(change, cause)}\n${from} could not be put back: ${String(error)}`
    throw new SubagentError('io-failed', message, { hint: typed(source.goBack(from)), cause })
  }
}

async function isThere(release: string, source: ReleaseSource, run: Runner): Promise<boolean> {
  try {
    await checkAnswer(source, release, run)
    return (await source.current(run)) === release
  } catch (error) {
    if (error instanceof SubagentError) return false
    throw error
  }
}

function failureOf({ to }: ReleaseChange, cause: SubagentError): string {
  return `${to} could not be used: ${cause.message}`
}
