import type { Driver, EventSink, Session } from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { answerTurn, createTurns, type Streamed, type Turns } from './simulated-turns.js'

/** A driver without processes. Its sessions stream as fast as is asked, all together. */
export type SimulatedDriver = Driver & {
  /** From now on the running turns stream so many events a second, one after the other. */
  stream(eventsPerSecond: number): void
  /** Ends the turn of this name with an answer. */
  end(name: string, answer: string): void
  streamed(): Streamed
}

/**
 * The prompt `work` begins a turn that streams for some hundred events; `hold NAME` one that streams until it is ended
 * by its name. Any other prompt is answered at once.
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
  configure: false,
  usage: true,
}

/** How long a turn is that ends by itself: a dozen messages, a minute at ten events a second. */
const wholeTurn = 600

function openSession({ begin }: Turns, sink: EventSink): Session {
  // Sessions begin at different times, so not all are at the same place of what they stream.
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
      else setImmediate(answerTurn, turn, 'done')
      position += left
    },
    close: () => {
      sink({ type: 'session-closed' })
      return Promise.resolve()
    },
  }
}

/** How often events come, in milliseconds, and how many at most: what is late is caught up in small steps. */
const every = 1
const mostAtOnce = 100

/** Calls `act`, which says whether it could, so many times a second. */
function paced(act: () => boolean): (timesPerSecond: number) => void {
  let [rate, since, due] = [0, 0, 0]
  const go = (): void => {
    if (rate === 0) return
    const now = performance.now()
    due += ((now - since) * rate) / 1000
    since = now
    for (let count = 0; count < mostAtOnce && due >= 1 && act(); count += 1) due -= 1
    setTimeout(go, every)
  }
  return (timesPerSecond) => {
    const isIdle = rate === 0
    rate = timesPerSecond
    if (!isIdle) return
    ;[since, due] = [performance.now(), 0]
    go()
  }
}
