import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { stripVTControlCharacters } from 'node:util'

/** Tells a person what went wrong and what to do, on stderr. */
export function printError(error: unknown): void {
  const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error))
  const hint = hintFor(error)
  process.stderr.write(`subagent-mcp: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`)
}

function hintFor(error: unknown): string | undefined {
  if (error instanceof SubagentError) return error.hint
  return isWrongUse(error) ? 'subagent-mcp --help lists the commands' : undefined
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

/** Whether the command line was wrong, and not what it led to. citty's own errors have this name. */
export function isWrongUse(error: unknown): boolean {
  if (error instanceof SubagentError) return wrongUse.includes(error.code)
  return error instanceof Error && error.name === 'CLIError'
}
