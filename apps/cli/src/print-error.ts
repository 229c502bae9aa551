import { SubagentError } from '@subagent-mcp/contract'

/** Tells a person what went wrong and what to do, on stderr. */
export function printError(error: unknown): void {
  const hint = error instanceof SubagentError ? error.hint : undefined
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`subagent-mcp: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`)
}
