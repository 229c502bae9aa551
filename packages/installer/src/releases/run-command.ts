import { SubagentError, systemClock, type Clock } from '@subagent-mcp/contract'
import { createWatchdog, findExecutable, runBriefly, type Watchdog } from '@subagent-mcp/driver-kit'
import { delimiter, isAbsolute } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { definedVariables } from '../defined-variables.js'

/** A command as it is typed: a program and what it is told. */
export type Words = readonly [string, ...string[]]

/** What starts a program; its name is looked for in `folders` alone, where it has some. */
export type Program = { words: Words; folders?: readonly string[] }

/** What to run, where it is looked for if not on PATH, what is set beside the environment, and for how long at most. */
export type Run = {
  words: Words
  folders?: readonly string[] | undefined
  variables?: NodeJS.ProcessEnv
  seconds: number
}

/** Runs a command to its end and returns what it printed. @throws SubagentError that says what it said */
export type Runner = (run: Run) => Promise<string>

/** Has commands run in this environment, and ended when this process is. */
export async function withRunner<T>(
  environment: NodeJS.ProcessEnv,
  use: (runner: Runner) => Promise<T>,
  clock = systemClock,
): Promise<T> {
  const watchdog = createWatchdog()
  try {
    return await use((run) => runWords(run, { environment, watchdog, clock }))
  } finally {
    await watchdog.close()
  }
}

type Around = { environment: NodeJS.ProcessEnv; watchdog: Watchdog; clock: Clock }

async function runWords(
  { words, folders, variables, seconds }: Run,
  { environment, watchdog, clock }: Around,
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
  const ran = await runBriefly({
    command,
    args,
    environment: definedVariables({ ...environment, ...variables }),
    watchdog,
    clock,
    deadlineMs: seconds * 1000,
  })
  const { code, stderrTail, spawnError } = ran.exit
  if (code === 0) return ran.output
  const end = spawnError?.message ?? (code === null ? `did not end within ${seconds} s` : `exit code ${code}`)
  const said = stripVTControlCharacters(stderrTail.trim() || ran.output.trim()).slice(-longestWords)
  throw new SubagentError('io-failed', `${words.join(' ')}: ${end}${said === '' ? '' : `:\n${said}`}`)
}

const longestWords = 2000
