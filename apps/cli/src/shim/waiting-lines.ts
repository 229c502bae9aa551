import type { Clock } from '@subagent-mcp/contract'
import { errorLines } from './calls.js'
import type { Line } from './filter-lines.js'

/** What a host says while no daemon is connected: it was not sent yet, and is as soon as there is one. */
export type WaitingLines = {
  add(...lines: readonly Line[]): void
  /** Takes all of it out, in order. */
  takeAll(): readonly Line[]
  /** Answers what requests there are with the reason, and forgets the rest. */
  fail(reason: string): void
  /** Whether there is a request, for which a daemon is to be started. */
  hasRequest(): boolean
  /** Resolves when there is a first one, once for each. */
  untilRequest(): Promise<void>
}

/** How long a request waits for a daemon, in milliseconds: hosts give up the first of theirs after 30 s to a minute. */
const longestWait = 25_000

/** Empty at first. `tell` sends lines to the host. */
export function createWaitingLines(tell: (lines: string) => void, after: Clock['after']): WaitingLines {
  let lines: Line[] = []
  let cancel: (() => void) | undefined
  let isNew = false
  let wake = (): void => undefined

  const takeAll = (): readonly Line[] => {
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
        .map((line) => errorLines(line, message))
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

function isRequest({ heads }: Line): boolean {
  return heads.some(({ id, method }) => id !== undefined && method !== undefined)
}
