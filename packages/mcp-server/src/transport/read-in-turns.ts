import type { Readable, Writable } from 'node:stream'
import type { ClientLimits } from './client-limits.js'
import { splitLines, type LineHandlers } from './split-lines.js'

/** What lines are read from, and what is done with them. */
type InTurns<Item> = Pick<LineHandlers, 'onTooLong'> & {
  input: Readable
  /** While more waits here than should, nothing is read. */
  output: Writable
  limits: Pick<ClientLimits, 'watchLine' | 'lineEnded'>
  /** The items in a line, made as they are taken. */
  itemsIn(line: Buffer): Iterable<Item>
  act(item: Item): void
}

/**
 * Reads lines and acts on one item in each turn of the event loop while more wait, so that one client does not keep out the
 * others.
 */
export function readInTurns<Item>(options: InTurns<Item>): { start(): void; stop(): void } {
  const { input, output, limits, onTooLong, itemsIn, act } = options
  const queue = createQueue(itemsIn)
  let isPaused = false
  let isStopped = false
  const splitter = splitLines(limited(limits, { onLine: queue.add, onTooLong }))
  const goOn = (): void => {
    if (isStopped) return
    if (output.writableNeedDrain && queue.hasMore()) pauseUntil((then) => output.once('drain', then))
    else {
      queue.takeNext(act)
      if (queue.hasMore()) pauseUntil(setImmediate)
      else readOn()
    }
  }
  const pauseUntil = (wait: (then: () => void) => unknown): void => {
    isPaused = true
    input.pause()
    wait(goOn)
  }
  const readOn = (): void => {
    if (isStopped) return
    if (splitter.isInLine()) limits.watchLine()
    if (isPaused) input.resume()
    isPaused = false
  }
  const take = (chunk: Buffer): void => {
    splitter.take(chunk)
    if (!isPaused) goOn()
  }
  return {
    start: () => {
      input.on('data', take).resume()
    },
    stop: () => {
      isStopped = true
      input.off('data', take)
      output.off('drain', goOn)
      if (input.listenerCount('data') === 0) input.pause()
    },
  }
}

/** A line that ends, whatever is in it, ends its limit. */
function limited(limits: Pick<ClientLimits, 'lineEnded'>, { onLine, onTooLong }: LineHandlers): LineHandlers {
  return {
    onLine: (line) => {
      limits.lineEnded()
      onLine(line)
    },
    onTooLong: (line) => {
      limits.lineEnded()
      onTooLong(line)
    },
  }
}

type Queue<Item> = {
  add(line: Buffer): void
  hasMore(): boolean
  /** Does nothing when there is none. */
  takeNext(act: (item: Item) => void): void
}

/** The items of lines. A line is read when the first of its items is asked for. */
function createQueue<Item>(itemsIn: InTurns<Item>['itemsIn']): Queue<Item> {
  let lines: Buffer[] = []
  let items = itemsOf([])
  let next = items.next()
  function* itemsOf(all: readonly Buffer[]): Generator<Item, undefined> {
    for (const line of all) yield* itemsIn(line)
  }
  const hasMore = (): boolean => {
    if (next.done === true && lines.length > 0) {
      items = itemsOf(lines)
      lines = []
      next = items.next()
    }
    return next.done !== true
  }
  return {
    add: (line) => lines.push(line),
    hasMore,
    takeNext: (act) => {
      if (!hasMore() || next.done === true) return
      const { value } = next
      next = items.next()
      act(value)
    },
  }
}
