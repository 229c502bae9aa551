import { SubagentError } from '@subagent-mcp/contract'

/** Whether trying again later is all that is to be done. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof SubagentError &&
    (error.code === 'daemon-unreachable' || error.code === 'mailbox-unreachable')
  )
}

/** An error or a text on one line, for a log and for who reads a failure. */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line
}

const longest = 300
