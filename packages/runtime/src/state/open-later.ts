import { SubagentError } from '@subagent-mcp/contract'

/**
 * Something that the first `open` opens and later ones return. `close` closes it if it is open; `open` then throws SubagentError
 * `io-failed`.
 */
export type OpenedLater<Opened> = { open(): Opened; close(): void }

export function openLater<Opened extends { close(): void }>(open: () => Opened): OpenedLater<Opened> {
  let opened: Opened | undefined
  let isClosed = false
  return {
    open: () => {
      if (isClosed) throw new SubagentError('io-failed', 'the runtime is closed')
      return (opened ??= open())
    },
    close: () => {
      isClosed = true
      opened?.close()
    },
  }
}
