import { SubagentError } from '@subagent-mcp/contract'
import type { TypedCommand, CommandRunner, ProgramStart } from './run-command.js'

/** The releases of this program: where they come from, and the commands that install one. The releases of a checkout are commits. */
export type ReleaseSource = {
  /** The path or name by which this installation differs from others on the machine. */
  place: string
  asks: string
  /** The release that is installed now. @throws SubagentError */
  current(run: CommandRunner): Promise<string>
  /** Returns the newest release; undefined when it is not newer than the installed one. @throws SubagentError with the reason why it cannot be told */
  newer(run: CommandRunner): Promise<string | undefined>
  /** The commands that install a release. @throws SubagentError for an installation that must not be changed */
  install(release: string): readonly TypedCommand[]
  /** The commands that go from a later release to an earlier one. @throws SubagentError for an installation that must not be changed */
  goBack(release: string): readonly TypedCommand[]
  program(release: string): ProgramStart
  /** Whether the answer of a program to `--version` fits a release. */
  isAnswer(answer: string, release: string): boolean
}

/** The time limit of a question about releases, in seconds. */
export const releaseQuerySeconds = 60

/** Without these npm and pnpm retry for 70 s when there is no network, and report the reason only then. */
const fewRetries = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '1000' }

/** Returns the output of a command that asks about releases. @throws SubagentError with this hint when the command fails */
export async function queryRelease(words: TypedCommand, hint: string, run: CommandRunner): Promise<string> {
  try {
    return (await run({ words, variables: fewRetries, seconds: releaseQuerySeconds })).trim()
  } catch (cause) {
    if (cause instanceof SubagentError && cause.code === 'io-failed')
      throw createUnknownReleaseError(cause.message, isUnpublished(cause.message) ? unpublished : hint)
    throw cause
  }
}

/** Whether a package manager says that its registry does not have the package. */
function isUnpublished(message: string): boolean {
  return /\bE404\b|_404\b|\b404 Not Found\b/i.test(message)
}

const unpublished =
  'the registry does not have subagent-mcp: install a newer checkout (npm install --global with the path of its apps/cli) or tarball; nothing was changed'

/** The error of a source that does not tell its newest release. */
export function createUnknownReleaseError(why: string, hint: string): SubagentError {
  return new SubagentError('io-failed', `the newest release cannot be told: ${why}`, { hint })
}
