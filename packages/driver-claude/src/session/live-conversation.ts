import type { SessionEventSink, Failure, SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import { getOutcomeAtSessionEnd, type AnswerDeadlines } from '@subagent-mcp/driver-kit'
import { randomUUID } from 'node:crypto'
import { endClaudeTurn, initialClaudeConversation, type ClaudeStep } from './conversation.js'
import { encodeClaudeCommand } from './encode.js'
import { translateClaudeLine } from './translate.js'

/** The driver's side of a session, with a `claude` process that is ready for prompts. */
export type LiveClaudeConversation = {
  send(command: SessionCommand): void
  onLine(line: string): void
  /** Reports `session-closed`, and no event after that. Called when the process has exited. */
  end(failure: Failure | undefined): void
}

type Connection = {
  sink: SessionEventSink
  write: (line: string) => void
  deadlines: AnswerDeadlines
  /** Kills processes that the tools of a forgotten conversation left running. Bounded in time, never rejects. */
  cleanUp: () => Promise<unknown>
  /** Called when the Claude session cannot continue, so that it is closed. */
  onFault: (why: Failure) => void
}

export function createLiveClaudeConversation(connection: Connection): LiveClaudeConversation {
  const { sink, write, deadlines, cleanUp, onFault } = connection
  let conversation = initialClaudeConversation
  let ended = false
  const reportAfterCleanUp = async (events: readonly SessionEvent[]) => {
    await cleanUp()
    if (!ended) events.forEach(sink)
  }
  const take = ({ conversation: next, lines, events, fault }: ClaudeStep) => {
    conversation = next
    deadlines.follow(next.owed)
    lines.forEach(write)
    if (events.some(({ type }) => type === 'conversation-reset')) void reportAfterCleanUp(events)
    else events.forEach(sink)
    if (fault !== undefined) onFault(fault)
  }
  return {
    send: (command) => {
      if (!ended) take(encodeClaudeCommand(conversation, command, randomUUID()))
    },
    onLine: (line) => take(translateClaudeLine(conversation, line)),
    end: (failure) => {
      ended = true
      const { turn } = conversation
      const outcome = getOutcomeAtSessionEnd(failure)
      if (turn !== undefined) take(endClaudeTurn(conversation, turn, { outcome, sessionEnds: true }))
      deadlines.follow([])
      sink({ type: 'session-closed', ...(failure && { failure }) })
    },
  }
}
