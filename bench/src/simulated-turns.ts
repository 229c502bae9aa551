import type { EventSink } from '@subagent-mcp/contract'
import { streamedEvent } from './stream-mix.js'

/** A turn that runs: where it is in its session's stream, how many events are left of it, what it said last. */
export type Turn = {
  name: string
  turnId: string
  sink: EventSink
  position: number
  left: number
  message: string
}

/** How many events were streamed, and how many characters of whole messages were in them. */
export type Streamed = { events: number; characters: number }

/** Turns that run, and stream one after the other. */
export type Turns = {
  begin(turn: Turn): void
  /** Ends the turn of this name. */
  end(name: string, answer: string): void
  /** Streams one event; false when no turn runs. */
  stream(): boolean
  streamed(): Streamed
}

/** Without any at first. */
export function createTurns(): Turns {
  const running: Turn[] = []
  const streamed = { events: 0, characters: 0 }
  let cursor = 0
  const end = (turn: Turn, answer: string): void => {
    running.splice(running.indexOf(turn), 1)
    answerTurn(turn, answer)
  }
  return {
    begin: (turn) => void running.push(turn),
    end: (name, answer) => {
      const turn = running.find((each) => each.name === name)
      if (!turn) throw new Error(`no turn ${name} runs`)
      end(turn, answer)
    },
    stream: () => {
      cursor = cursor + 1 < running.length ? cursor + 1 : 0
      const turn = running[cursor]
      if (!turn) return false
      emitNext(turn, streamed)
      if (turn.left === 0) end(turn, turn.message)
      return true
    },
    streamed: () => streamed,
  }
}

/** The last event of a turn. */
export function answerTurn({ turnId, sink }: Pick<Turn, 'turnId' | 'sink'>, answer: string): void {
  sink({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer } })
}

function emitNext(turn: Turn, streamed: Streamed): void {
  const event = streamedEvent(turn.position, turn.turnId)
  turn.position += 1
  turn.left -= 1
  streamed.events += 1
  if (event.type === 'message-ended') {
    turn.message = event.text
    streamed.characters += event.text.length
  }
  turn.sink(event)
}
