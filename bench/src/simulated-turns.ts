import type { SessionEventSink } from '@subagent-mcp/contract'
import { streamEventAt } from './stream-mix.js'

/** A running turn: its position in the stream of its session, the number of events left, and its last message. */
export type SimulatedTurn = {
  name: string
  turnId: string
  sink: SessionEventSink
  position: number
  left: number
  message: string
}

/** Counts of the streamed events, and of the characters in whole messages. */
export type StreamedCounts = { events: number; characters: number }

/** The running turns of a simulated driver. They stream in rotation, one event at a time. */
export type SimulatedTurns = {
  begin(turn: SimulatedTurn): void
  /** Ends a named turn with an answer. */
  end(name: string, answer: string): void
  /** Streams one event. Returns false when no turn runs. */
  stream(): boolean
  streamed(): StreamedCounts
}

/** Creates an empty list of running turns. */
export function createTurns(): SimulatedTurns {
  const running: SimulatedTurn[] = []
  const streamed = { events: 0, characters: 0 }
  let cursor = 0
  const end = (turn: SimulatedTurn, answer: string): void => {
    running.splice(running.indexOf(turn), 1)
    finishTurn(turn, answer)
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

/** Ends a simulated turn with this answer. */
export function finishTurn({ turnId, sink }: Pick<SimulatedTurn, 'turnId' | 'sink'>, answer: string): void {
  sink({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer } })
}

function emitNext(turn: SimulatedTurn, streamed: StreamedCounts): void {
  const event = streamEventAt(turn.position, turn.turnId)
  turn.position += 1
  turn.left -= 1
  streamed.events += 1
  if (event.type === 'message-ended') {
    turn.message = event.text
    streamed.characters += event.text.length
  }
  turn.sink(event)
}
