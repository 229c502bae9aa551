import type { GateRunResult } from '@subagent-mcp/api'
import type { Clock } from '@subagent-mcp/contract'
import {
  buildChildEnvironment,
  createWatchdog,
  findExecutable,
  startChildProcess,
  type Environment,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { escapeInvisibleCharacters } from '@subagent-mcp/mailbox'
import { maskSecrets } from '@subagent-mcp/permissions'

/** A shell command to run, its folder, and the environment of the agent whose work it checks. */
export type GateOptions = { command: string; folder: string; environment: Environment; signal: AbortSignal }

/** The parts that run the commands of `accept` (gates). `limitMs`: the milliseconds after which a command is killed. */
export type GateRunner = { watchdog: Watchdog; clock: Clock; limitMs: number }

/** The settings of a runtime for the commands that check results. */
export type GateSettings = {
  /** The watchdog that kills the commands when this process dies. Default: one of the runtime's own. */
  watchdog?: Watchdog
  /** The minutes after which a command is killed. Default: 10. */
  minutes?: number
  /**
   * Returns the commands that a project proposes and the user approved. Default: projects propose none.
   * @throws SubagentError that says how to approve them
   */
  projectGates?: (project: string) => readonly string[]
}

/** Opens the runner of gates. `close` ends its watchdog, unless the settings brought one. */
export function openGateRunner(
  { watchdog, minutes = 10 }: GateSettings,
  clock: Clock,
): GateRunner & { close(): Promise<void> } {
  const own = watchdog ?? createWatchdog()
  const close = watchdog === undefined ? own.close : () => Promise.resolve()
  return { watchdog: own, clock, limitMs: minutes * 60_000, close }
}

/** The most characters of a gate's output that are kept: its end. */
const longestOutput = 4_000

/**
 * Runs a command in a POSIX shell, without input, and waits for its end. At the time limit, when `signal` aborts and when this
 * process is killed, the command ends with all processes that it has started. Never throws.
 */
export function runGateCommand(
  { command, folder, environment, signal }: GateOptions,
  { watchdog, clock, limitMs }: GateRunner,
): Promise<GateRunResult> {
  const shell = findExecutable({ name: 'sh', environment })
  if (shell === undefined) return Promise.resolve(createSkippedGateRun('there is no sh on the PATH'))
  if (command.includes('\0')) return Promise.resolve(createSkippedGateRun('it has a NUL byte'))
  const startedAt = clock.now()
  const output = createOutputEnd()
  return new Promise((resolve) => {
    let isLate = false
    const child = startChildProcess({
      command: shell,
      // The shell that reads the command has no input: a command that asks for some reads the end of a file.
      args: ['-c', 'exec "$0" -c "$1" < /dev/null 2>&1', shell, command],
      cwd: folder,
      environment: buildChildEnvironment(environment),
      watchdog,
      maxLineBytes: 1024 * 1024,
      onLine: output.add,
      onOversizedLine: () => output.add('(a line of more than 1 MB)'),
      onExit: ({ code, signal: killedBy, spawnError }) => {
        inTime()
        signal.removeEventListener('abort', kill)
        const ended = { startedAt, durationMs: clock.now() - startedAt, output: shownOutput(output.text()) }
        if (spawnError) resolve(createSkippedGateRun(`it cannot be started: ${spawnError.message}`))
        else if (isLate) resolve({ outcome: 'timed-out', ...ended, why: lateText(limitMs) })
        else resolve({ ...endOf(code, killedBy, ended.output), ...ended })
      },
    })
    const kill = (): void => void child.stop('kill')
    const inTime = clock.after(limitMs, () => {
      isLate = true
      kill()
    })
    signal.addEventListener('abort', kill)
    if (signal.aborted) kill()
  })
}

export function createSkippedGateRun(why: string): GateRunResult {
  return { outcome: 'not-run', durationMs: 0, output: '', why }
}

function lateText(limitMs: number): string {
  return `it was ended after ${Math.round(limitMs / 1000)} s (checks.minutes in config.jsonc); it had no input to wait for`
}

function endOf(
  code: number | null,
  killedBy: string | null,
  output: string,
): Pick<GateRunResult, 'outcome' | 'code' | 'why'> {
  if (code === 0) return { outcome: 'passed', code }
  const why = code === null ? `it was ended by ${killedBy ?? 'a signal'}` : likelyCause(code, output)
  return { outcome: 'failed', ...(code !== null && { code }), ...(why !== undefined && { why }) }
}

/** Returns what exit code and output of a gate say about a failure that the environment caused, and not the agent's work. */
function likelyCause(code: number, output: string): string | undefined {
  if (isMissingDependencyFailure(code, output))
    return 'something is not installed here; for packages in a folder that git ignores, such as node_modules: subagent-mcp worktrees --set-up, or worktree.include in config.jsonc'
  if (asksForInput.test(output.trimEnd()))
    return 'it had no input: a command that asks a question gets no answer, and needs an option such as --yes'
  return undefined
}

/** The last words of commands that read a missing input: a question, or the error of a read. */
const asksForInput =
  /(?:[?:>\])] ?|\(y\/n\).*|\[y\/n\].*|EOF.*|end of (?:file|input).*|not a (?:tty|terminal).*|inappropriate ioctl.*|\/dev\/tty.*|interactive.*|prompt.*)$/i

/** Whether a run failed because a program or package is missing, rather than because of the work. */
export function isMissingDependencyFailure(code: number | undefined, output: string): boolean {
  return code === 127 || missingPackage.test(output)
}

const missingPackage =
  /Cannot find (?:module|package) '[^.'/]|ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ModuleNotFoundError|No module named|node_modules (?:is )?missing|: (?:command )?not found$/m

/** Keeps the end of an output in bounded memory. */
function createOutputEnd(): { add(line: string): void; text(): string } {
  let text = ''
  return {
    add: (line) => {
      text = `${text}${line}\n`
      // Twice the shown length is kept, so that a secret at the cut is masked as a whole.
      if (text.length > longestOutput * 4) text = text.slice(-longestOutput * 2)
    },
    text: () => text,
  }
}

function shownOutput(text: string): string {
  const shown = maskSecrets(text).split('\n').map(escapeInvisibleCharacters).join('\n').trimEnd()
  return shown.length > longestOutput ? `…${shown.slice(-longestOutput).toWellFormed()}` : shown
}
