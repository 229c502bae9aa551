import { SubagentError } from '@subagent-mcp/contract'
import type { Program, ReleaseSource } from './release-source.js'
import type { Runner, Words } from './run-words.js'

/** From which release to which, and who does it. */
export type ReleaseChange = { source: ReleaseSource; from: string; to: string; run: Runner }

/**
 * Installs a release and asks it for its version. One that cannot be installed, or does not answer, makes way for the
 * one that was there.
 * @throws SubagentError that says what is there now
 */
export async function changeRelease({ source, from, to, run }: ReleaseChange): Promise<void> {
  try {
    await runAll(source.install(to), run)
    await checkAnswer(source, to, run)
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    await comeBack({ source, from, to, run }, cause)
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

/** A first start is a slow one, and npx fetches the package. */
const programSeconds = 60

/** A manager may have put it somewhere else, so the version is looked at too. */
async function checkAnswer(source: ReleaseSource, release: string, run: Runner): Promise<void> {
  const answer = await runProgram(source.program(release), ['--version'], run)
  const said = answer.trim()
  if (source.isVersion ? said === release : /^\d/.test(said)) return
  throw new SubagentError('io-failed', `asked for its version it says '${said.slice(0, 200)}'`)
}

async function runAll(commands: readonly Words[], run: Runner): Promise<void> {
  for (const words of commands) await run({ words, seconds: 900 })
}

/** Where nothing was changed nothing is installed: what kept the new release out may keep the old one out too. */
async function comeBack({ source, from, to, run }: ReleaseChange, cause: SubagentError): Promise<never> {
  const failed = `${to} could not be used: ${cause.message}`
  const isThere = await checkAnswer(source, from, run).then(
    () => source.isVersion,
    () => false,
  )
  try {
    if (!isThere) await returnTo(from, source, run)
  } catch (error) {
    const commands = source.goBack(from).map((words) => words.join(' '))
    const message = `${failed}\n${from} could not be put back: ${String(error)}`
    throw new SubagentError('io-failed', message, { hint: commands.join(' && '), cause })
  }
  throw new SubagentError('io-failed', `${failed}\n${from} is in its place`, {
    hint: 'nothing else was changed; try again later, or report it',
    cause,
  })
}
