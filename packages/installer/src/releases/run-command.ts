import { selectDefinedVariables, SubagentError, systemClock, type Clock } from '@subagent-mcp/contract'
import { createWatchdog, findExecutable, runTimedCommand, type Watchdog } from '@subagent-mcp/driver-kit'
import { delimiter, isAbsolute } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export type TypedCommand = readonly [string, ...string[]]

/** The command line that starts a program. With `folders` the program is looked for in these only, and not on PATH. */
export type ProgramStart = { words: TypedCommand; folders?: readonly string[] | undefined }

/** A command to run, variables to add to its environment, and its time limit. */
export type CommandRequest = ProgramStart & { variables?: NodeJS.ProcessEnv; seconds: number }

/** Runs a command to its end and returns its output. @throws SubagentError with the output of a command that failed */
export type CommandRunner = (request: CommandRequest) => Promise<string>

/** Calls `use` with a runner of commands. Commands still running are killed when this process ends. */
export async function withCommandRunner<T>(
  environment: NodeJS.ProcessEnv,
  use: (run: CommandRunner) => Promise<T>,
  clock = systemClock,
): Promise<T> {
  const watchdog = createWatchdog()
  try {
    return await use((request) => runCommand(request, { environment, watchdog, clock }))
  } finally {
    await watchdog.close()
  }
}

/** Joins command lines by `&&`, as a user would type them. */
export function joinCommands(commands: readonly TypedCommand[]): string {
  return commands.map((words) => words.join(' ')).join(' && ')
}

/** The common time limit of several commands. `onSlow` is called with each command that runs for more than four seconds. */
export type SharedCommandTimeLimit = { clock: Clock; seconds: number; onSlow: (words: TypedCommand) => void }

/** A runner whose commands share one time limit, because together they are one question of the user. */
export function shareCommandTimeLimit(
  run: CommandRunner,
  { clock, seconds, onSlow }: SharedCommandTimeLimit,
): CommandRunner {
  const deadline = clock.now() + seconds * 1000
  return async (request) => {
    const left = Math.max(1, Math.ceil((deadline - clock.now()) / 1000))
    const cancel = clock.after(slowMs, () => {
      onSlow(request.words)
    })
    try {
      return await run({ ...request, seconds: Math.min(request.seconds, left) })
    } finally {
      cancel()
    }
  }
}

const slowMs = 4_000

async function runCommand(
  { words, folders, variables, seconds }: CommandRequest,
  { environment, watchdog, clock }: { environment: NodeJS.ProcessEnv; watchdog: Watchdog; clock: Clock },
): Promise<string> {
  const [name, ...args] = words
  const path = folders ? folders.join(delimiter) : environment['PATH']
  const command = isAbsolute(name)
    ? name
    : findExecutable({ name, environment: { ...environment, PATH: path } })
  if (command === undefined) {
    const hint = `put ${name} on PATH, or run it where it is: ${words.join(' ')}`
    throw new SubagentError('not-installed', `${name} was not found`, { hint })
  }
  const { exit, output } = await runTimedCommand({
    command,
    args,
    environment: selectDefinedVariables({ ...environment, ...variables }),
    watchdog,
    clock,
    deadlineMs: seconds * 1000,
  })
  if (exit.code === 0) return output
  const end =
    exit.spawnError?.message ??
    (exit.code === null ? `did not end within ${seconds} s` : `exit code ${exit.code}`)
  const printed = stripVTControlCharacters(exit.stderrTail.trim() || output.trim()).slice(-longestOutput)
  throw new SubagentError('io-failed', `${words.join(' ')}: ${end}${printed === '' ? '' : `:\n${printed}`}`)
}

const longestOutput = 2000
