import type { Driver, EventSink, Session, SessionCommand } from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { streamedEvent } from './stream-mix.js'

/** A driver without processes. Its sessions stream as fast as is asked, all together. */
export type SimulatedDriver = Driver & {
  /** From now on the running turns stream so many events a second, in turns. */
  stream(eventsPerSecond: number): void
  /** Ends the turn of this name with an answer. */
  end(name: string, answer: string): void
  /** How many events have been streamed, and how many characters of whole messages were in them. */
  streamed(): { events: number; characters: number }
}

/**
 * The prompt `hold NAME` begins a turn that streams until it is ended by its name; any other prompt is answered at
 * once.
 */
export function createSimulatedDriver(id: string): SimulatedDriver {
  const turns = createTurns()
  return {
    id,
    abilities,
    preflight: () => undefined,
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
    ...createStream(turns),
  }
}

const abilities = {
  resume: true,
  fork: false,
  steer: false,
  approve: false,
  interrupt: false,
  reset: false,
  configure: false,
  usage: true,
}

/** Turns that run, by name and in the order in which they stream. */
type Turns = {
  begin(turn: Turn): void
  end(name: string, answer: string): void
  next(): Turn | undefined
}
type Turn = { name: string; turnId: string; sink: EventSink; position: number }

function createTurns(): Turns {
  const running: Turn[] = []
  let cursor = 0
  return {
    begin: (turn) => void running.push(turn),
    end: (name, answer) => {
      const index = running.findIndex((turn) => turn.name === name)
      const [turn] = index < 0 ? [] : running.splice(index, 1)
      if (!turn) throw new Error(`no turn ${name} runs`)
      answerTurn(turn, answer)
    },
    next: () => {
      cursor = cursor + 1 < running.length ? cursor + 1 : 0
      return running[cursor]
    },
  }
}

function openSession(turns: Turns, sink: EventSink): Session {
  return {
    send: (command: SessionCommand) => {
      if (command.type !== 'prompt') return
      const { text, turnId } = command
      const [word, name = ''] = text.split(' ')
      // They begin at different times, so not all are at the same place of what they stream.
      if (word === 'hold') turns.begin({ name, turnId, sink, position: Math.floor(Math.random() * 1_000) })
      else setImmediate(answerTurn, { turnId, sink }, 'done')
    },
    close: () => {
      sink({ type: 'session-closed' })
      return Promise.resolve()
    },
  }
}

function answerTurn({ turnId, sink }: Pick<Turn, 'turnId' | 'sink'>, answer: string): void {
  sink({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer } })
}

/** How often events come, in milliseconds, and how many at most: what is late is caught up in small steps. */
const every = 1
const mostAtOnce = 100

function createStream(turns: Turns): Pick<SimulatedDriver, 'stream' | 'streamed'> {
  let [events, characters, rate, since, due] = [0, 0, 0, 0, 0]
  const emit = (): void => {
    if (rate === 0) return
    const now = performance.now()
    due += ((now - since) * rate) / 1000
    since = now
    for (let count = 0; count < mostAtOnce && due >= 1; count += 1) {
      const turn = turns.next()
      if (!turn) break
      const event = streamedEvent((turn.position += 1), turn.turnId)
      due -= 1
      events += 1
      if (event.type === 'message-ended') characters += event.text.length
      turn.sink(event)
    }
    setTimeout(emit, every)
  }
  return {
    streamed: () => ({ events, characters }),
    stream: (eventsPerSecond) => {
      const isIdle = rate === 0
      rate = eventsPerSecond
      if (!isIdle) return
      ;[since, due] = [performance.now(), 0]
      emit()
    },
  }
}
