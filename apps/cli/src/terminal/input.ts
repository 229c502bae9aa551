import { createUsageError } from '../command/create-usage-error.js'
import { exitCode } from '../exit.js'
import type { Terminal } from './terminal.js'

/**
 * Asks a yes-or-no question; only a clear yes counts as one. After any other answer prints `refusal`, if there is one.
 * @throws SubagentError with `hint` when no person is at the terminal
 */
export async function askYesNo(
  { ask, stderr }: Terminal,
  question: string,
  hint: string,
  refusal?: string,
): Promise<boolean> {
  if (!ask) throw createUsageError(`${question} No person is at a terminal to answer`, hint)
  const answer = await ask(`${question} [y/N] `, new AbortController().signal)
  const isYes = /^\s*y(es)?\s*$/i.test(answer ?? '')
  if (!isYes && refusal !== undefined) await stderr.print(`${refusal}\n`)
  return isYes
}

/** Asks a yes-or-no question in which an empty answer counts as yes. Returns undefined when nobody answers. */
export async function askYesByDefault(
  { ask }: Pick<Terminal, 'ask'>,
  question: string,
): Promise<boolean | undefined> {
  const answer = await ask?.(`${question} [Y/n] `, new AbortController().signal)
  return answer === undefined ? undefined : /^\s*(y(es)?)?\s*$/i.test(answer)
}

/** A text argument of a command, and its name in errors. */
export type NamedTextArgument = { text: string | undefined; name: string }

/**
 * Returns the text of the command line. If the text is missing or is `-`, returns all of stdin. Refuses to read a keyboard
 * without `-`, because nothing would tell the user to type. @throws SubagentError
 */
export async function readTextArgument(
  { text, name }: NamedTextArgument,
  { hasKeyboard, readInput }: Pick<Terminal, 'hasKeyboard' | 'readInput'>,
): Promise<string> {
  if (text !== undefined && text !== '-') return text
  if (text === undefined && hasKeyboard) throw createUsageError(`<${name}> is missing`)
  const input = await readInput()
  if (input.trim() === '') throw createUsageError(`<${name}> is missing: stdin is empty`)
  return input
}

/** Runs an action that Ctrl-C aborts, and returns its exit code, or 130 after Ctrl-C. */
export async function runUntilCtrlC(
  { onInterrupt }: Pick<Terminal, 'onInterrupt'>,
  act: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController()
  const unlisten = onInterrupt(() => {
    stop.abort()
  })
  try {
    const code = await act(stop.signal)
    return stop.signal.aborted ? exitCode.interrupted : code
  } catch (error) {
    if (stop.signal.aborted) return exitCode.interrupted
    throw error
  } finally {
    stop.abort()
    unlisten()
  }
}
