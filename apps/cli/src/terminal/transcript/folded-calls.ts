import { formatCountWithNoun } from '../format.js'
import type { TextPaint } from '../paint.js'
import { cutToWidth } from '../table.js'
import { escapeForTerminal } from '../text.js'

/** Tool calls that follow each other and are shown in one line, which changes with each of them. */
export type FoldedCalls = {
  /** How many calls of each tool began. */
  counts: ReadonlyMap<string, number>
  /** The calls without an outcome, by their ids. */
  open: ReadonlyMap<string, string>
  last: string
}

/** How the line of folded calls looks: `columns` is the width of the terminal. */
export type FoldedCallsStyle = { paint: TextPaint; columns: number }

export function addFoldedCall(calls: FoldedCalls | undefined, callId: string, call: string): FoldedCalls {
  const [tool = call] = call.split(' ')
  return {
    counts: new Map([...(calls?.counts ?? []), [tool, (calls?.counts.get(tool) ?? 0) + 1]]),
    open: new Map([...(calls?.open ?? []), [callId, call]]),
    last: call,
  }
}

/** Removes a call that has ended from those without an outcome. */
export function endFoldedCall(calls: FoldedCalls, callId: string): FoldedCalls {
  return { ...calls, open: new Map([...calls.open].filter(([id]) => id !== callId)) }
}

/** The text that replaces the unfinished line of folded calls: the running call, or how many calls ran. */
export function formatFoldedCallsLine(calls: FoldedCalls, { paint, columns }: FoldedCallsStyle): string {
  const running = [...calls.open.values()].at(-1)
  const total = formatCountWithNoun(countOf(calls), 'call')
  const tools = [...calls.counts].map(([tool, count]) => (count > 1 ? `${tool} ${count}` : tool)).join(', ')
  const one = running === undefined ? calls.last : `${calls.last} …`
  const several = running === undefined ? `${total}: ${tools}` : `${total} … ${running}`
  return (
    eraseLine + paint('dim', cutToWidth(escapeForTerminal(countOf(calls) === 1 ? one : several), columns - 1))
  )
}

/** The text that ends the line for a call that gets a line of its own; a line that showed this call alone is erased. */
export function formatFoldedLineEnd(calls: FoldedCalls, style: FoldedCallsStyle): string {
  return countOf(calls) === 1 ? eraseLine : `${formatFoldedCallsLine(calls, style)}\n`
}

function countOf({ counts }: FoldedCalls): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

const eraseLine = '\r\u001b[2K'
