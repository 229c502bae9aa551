import type { Driver, SessionEventSink, DriverSession } from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { finishTurn, createTurns, type StreamedCounts, type SimulatedTurns } from './simulated-turns.js'

/** A driver without processes, whose sessions together stream events at a given rate. */
export type SimulatedDriver = Driver & {
  /** Sets the rate at which the running turns stream events, in turn. */
  stream(eventsPerSecond: number): void
  /** Ends a named turn with an answer. */
  end(name: string, answer: string): void
  streamed(): StreamedCounts
}

/**
 * Creates the driver. The prompt `work` begins a turn of some hundred events; `hold NAME` a turn that streams until
 * `end` is called with its name. Any other prompt is answered immediately.
 */
export function createSimulatedDriver(id: string): SimulatedDriver {
  const turns = createTurns()
  return {
    id,
    abilities,
    preflight: () => undefined,
    installation: () => id,
    probe: () => Promise.resolve({ installed: true, executable: id, version: '1', signedIn: 'yes' }),
    models: () => Promise.resolve({ type: 'listed', models: [] }),
    effort: (effort) => ({ type: 'word', word: effort }),
    open: (_spec, sink) => {
      setImmediate(() => {
        sink({ type: 'session-identified', sessionId: randomUUID() })
      })
      return Promise.resolve({ type: 'opened', session: openSession(turns, sink) })
    },
    end: turns.end,
    streamed: turns.streamed,
    stream: paced(turns.stream),
  }
}

const abilities = {
  resume: true,
  fork: false,
  steer: false,
  approve: false,
  interrupt: false,
  reset: false,
  rewind: false,
  toolChoice: false,
  maxTurns: false,
  ownMcpServers: false,
  confines: false,
  costs: true,
  configure: false,
  usage: true,
}

/** Events of a turn that ends by itself: a dozen messages, or a minute at ten events a second. */
const wholeTurn = 600

function openSession({ begin }: SimulatedTurns, sink: SessionEventSink): DriverSession {
  // Sessions start at a random position, so that they do not all stream the same kind of event.
  let position = Math.floor(Math.random() * wholeTurn)
  return {
    send: (command) => {
      if (command.type !== 'prompt') return
      const { turnId, text } = command
      const [word, name = ''] = text.split(' ')
      const left = wholeTurn - (position % wholeTurn)
      const turn = { name, turnId, sink, position, message: '' }
      if (word === 'work') begin({ ...turn, left })
      else if (word === 'hold') begin({ ...turn, left: Infinity })
      else setImmediate(finishTurn, turn, 'done')
      position += left
    },
    close: () => {
      sink({ type: 'session-closed' })
      return Promise.resolve()
    },
  }
}

/**
 * Milliseconds between batches of events, and the most events in one batch, so that late events are made up for in
 * small steps.
 */
const batchMs = 1
const largestBatch = 100

/** Returns a function that sets how many times a second `act` is called. `act` returns false when it had nothing to do. */
function paced(act: () => boolean): (timesPerSecond: number) => void {
  let [rate, since, due] = [0, 0, 0]
  const sendBatch = (): void => {
    if (rate === 0) return
    const now = performance.now()
    due += ((now - since) * rate) / 1000
    since = now
    for (let count = 0; count < largestBatch && due >= 1 && act(); count += 1) due -= 1
    setTimeout(sendBatch, batchMs)
  }
  return (timesPerSecond) => {
    const isIdle = rate === 0
    rate = timesPerSecond
    if (!isIdle) return
    ;[since, due] = [performance.now(), 0]
    sendBatch()
  }
}
