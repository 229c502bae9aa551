import type { EventSink, Failure, SessionCommand, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { Deadlines } from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import { endTurn, newConversation, type Step } from './conversation.js'
import { encode } from './encode.js'
import { translate } from './translate.js'

/** A conversation with a process that is ready for prompts. */
export type LiveConversation = {
  tell(command: SessionCommand): void
  hear(line: string): void
  /** The process is gone: says so, and nothing after it. */
  end(failure: Failure | undefined): void
}

type Connection = {
  sink: EventSink
  write: (line: string) => void
  deadlines: Deadlines
  /** Removes what is left of what was forgotten. Bounded in time, never rejects. */
  tidy: () => Promise<unknown>
  /** The session cannot go on. */
  onFault: (why: Failure) => void
}

/** Keeps the state of a conversation between what is told and what is heard. */
export function createLiveConversation(connection: Connection): LiveConversation {
  const { sink, write, deadlines, tidy, onFault } = connection
  let conversation = newConversation
  let ended = false
  const tell = (events: readonly SessionEvent[]) => events.forEach(sink)
  const tellWhenTidy = async (events: readonly SessionEvent[]) => {
    await tidy()
    if (!ended) tell(events)
  }
  const take = ({ conversation: next, lines, events, fault }: Step) => {
    conversation = next
    deadlines.follow(next.owed)
    lines.forEach(write)
    if (events.some(({ type }) => type === 'conversation-reset')) void tellWhenTidy(events)
    else tell(events)
    if (fault !== undefined) onFault(fault)
  }
  return {
    tell: (command) => {
      if (!ended) take(encode(conversation, command, randomUUID()))
    },
    hear: (line) => take(translate(conversation, line)),
    end: (failure) => {
      ended = true
      const { turn } = conversation
      if (turn !== undefined) {
        const outcome: TurnOutcome = failure ? { type: 'failed', failure } : { type: 'interrupted' }
        take(endTurn(conversation, turn, { outcome, sessionEnds: true }))
      }
      deadlines.follow([])
      sink({ type: 'session-closed', ...(failure && { failure }) })
    },
  }
}
