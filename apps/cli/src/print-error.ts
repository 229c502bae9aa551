import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { stripVTControlCharacters } from 'node:util'

/** Prints the message of an error and its hint on stderr. */
export function printError(error: unknown): void {
  const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error))
  const hint = error instanceof SubagentError ? error.hint : undefined
  process.stderr.write(`subagent-mcp: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`)
}

const wrongUse: readonly ErrorCode[] = [
  'unknown-parameter',
  'invalid-parameter',
  'unknown-category',
  'unknown-provider',
  'model-without-provider',
  'effort-without-model',
  'cwd-missing',
]

/** Whether the command line was wrong, so that the exit code is 2. */
export function isUsageError(error: unknown): boolean {
  return error instanceof SubagentError && wrongUse.includes(error.code)
}
