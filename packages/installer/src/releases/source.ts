import type { Program, Runner, Words } from './run-words.js'

/** Where releases of this program come from, and what is to be run for one. A checkout's are commits. */
export type ReleaseSource = {
  /** What tells this installation from others on the machine. */
  place: string
  /** The name, in words, of the registry or repository that is asked for a newer release. */
  asks: string
  /** The release that is there. @throws SubagentError */
  current(run: Runner): Promise<string>
  /** The newest release where it is newer. @throws SubagentError that says why that cannot be told */
  newer(run: Runner): Promise<string | undefined>
  /** @throws SubagentError where we must not change what is installed */
  install(release: string): readonly Words[]
  /** The way from a later release to an earlier one. @throws SubagentError where we must not go it */
  goBack(release: string): readonly Words[]
  /** What starts the program once a release is installed. */
  program(release: string): Program
  /** Whether a release may answer this when it is asked for its version. */
  isAnswer(answer: string, release: string): boolean
}
