import { SubagentError } from '@subagent-mcp/contract'

/** Whether the daemon or mailbox cannot be reached, so that a later attempt is enough. */
export function isUnreachableError(error: unknown): boolean {
  return (
    error instanceof SubagentError &&
    (error.code === 'daemon-unreachable' || error.code === 'mailbox-unreachable')
  )
}

/** An error's message, or a text, on one line of at most 300 characters. */
export function formatErrorOnOneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line
}

const longest = 300
