import type { Readable, Writable } from 'node:stream'
import type { ClientLimits } from './client-limits.js'
import { createByteLineSplitter, type LineHandlers } from './byte-line-splitter.js'

/** The stream from which lines of JSON are read, and what is done with each item (such as a request) of a line. */
type InTurns<Item> = Pick<LineHandlers, 'onTooLong'> & {
  input: Readable
  /** The stream of answers. Reading pauses while too many bytes wait in it. */
  output: Writable
  limits: Pick<ClientLimits, 'watchLine' | 'lineEnded'>
  itemsIn(line: Buffer): Iterable<Item>
  act(item: Item): void
}

/** Reads lines and handles one item per turn of the event loop, so that one client cannot block the others. */
export function readLinesInTurns<Item>(options: InTurns<Item>): { start(): void; stop(): void } {
  const { input, output, limits, onTooLong, itemsIn, act } = options
  const queue = createQueue(itemsIn)
  let isPaused = false
  let isStopped = false
  const splitter = createByteLineSplitter(limited(limits, { onLine: queue.add, onTooLong }))
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

/** Ends the time limit of a line when the line ends. */
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
  takeNext(act: (item: Item) => void): void
}

/** Creates a queue of the items of lines. A line is parsed when its first item is needed. */
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
