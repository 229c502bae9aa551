import { SubagentError } from '@subagent-mcp/contract'

/**
 * A resource that the first call of `open` opens and later calls return. `close` closes it if it is open; after that `open`
 * throws SubagentError `io-failed`.
 */
export type LazyResource<Opened> = { open(): Opened; close(): void }

export function createLazyResource<Opened extends { close(): void }>(
  open: () => Opened,
): LazyResource<Opened> {
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
