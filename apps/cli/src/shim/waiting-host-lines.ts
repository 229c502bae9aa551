import type { Clock } from '@subagent-mcp/contract'
import { formatHostErrorResponses } from './pending-host-requests.js'
import type { JsonRpcLine } from './json-rpc-line-filter.js'

/** The lines of a host that wait for the next daemon. */
export type WaitingHostLines = {
  add(...lines: readonly JsonRpcLine[]): void
  takeAll(): readonly JsonRpcLine[]
  /** Answers all waiting requests with an error that has the reason, and drops the other lines. */
  fail(reason: string): void
  hasRequest(): boolean
  /** Resolves when the first request is added, once for each time that there was none. */
  untilRequest(): Promise<void>
}

/** The longest wait of a request, in milliseconds. Hosts give up their first request after 30 s to a minute. */
const longestWait = 25_000

/** Creates an empty queue of lines that wait for a daemon. `tell` writes lines to the host. */
export function createWaitingLines(tell: (lines: string) => void, after: Clock['after']): WaitingHostLines {
  let lines: JsonRpcLine[] = []
  let cancel: (() => void) | undefined
  let isNew = false
  let wake = (): void => undefined

  const takeAll = (): readonly JsonRpcLine[] => {
    const all = lines
    lines = []
    isNew = false
    cancel?.()
    cancel = undefined
    return all
  }
  const fail = (reason: string): void => {
    const message = `This request was not sent to the subagent-mcp daemon: ${reason}. Send it again in a moment; subagent-mcp doctor says what is wrong.`
    tell(
      takeAll()
        .map((line) => formatHostErrorResponses(line, message))
        .join(''),
    )
  }
  return {
    add: (...added) => {
      lines.push(...added)
      if (cancel || !added.some(isRequest)) return
      cancel = after(longestWait, () => {
        fail(`none took the connection within ${longestWait / 1000} s`)
      })
      isNew = true
      wake()
    },
    takeAll,
    fail,
    hasRequest: () => cancel !== undefined,
    untilRequest: () =>
      new Promise((resolve) => {
        wake = () => {
          if (!isNew) return
          isNew = false
          resolve()
        }
        wake()
      }),
  }
}

function isRequest({ heads }: JsonRpcLine): boolean {
  return heads.some(({ id, method }) => id !== undefined && method !== undefined)
}
