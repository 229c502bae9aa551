import type { Clock, EventSink, Failure, Model, Session } from '@subagent-mcp/contract'
import {
  calledOff,
  createDeadlines,
  endTagged,
  holdEvents,
  startChild,
  type ChildOptions,
} from '@subagent-mcp/driver-kit'
import { classifyExit } from '../classify.js'
import { handshakeId, type Handshake } from './handshake.js'
import { createLiveConversation, type LiveConversation } from './live-conversation.js'

/** What a session is made of. */
export type SessionParts = {
  process: Omit<ChildOptions, 'onLine' | 'onOversizedLine' | 'onExit'>
  handshake: Handshake
  clock: Clock
  /** How long the CLI may take to get ready, and to answer a request. */
  deadlineMs: number
  sink: EventSink
  /** Called once, when no process is left. */
  onGone: () => void
}

/** How opening a session ended, and what the CLI lists. */
export type Opening =
  | {
      type: 'opened'
      session: Session
      notes: readonly string[]
      models: readonly Model[]
      pid: number | undefined
    }
  | { type: 'failed'; failure: Failure }

/** Starts a process and joins it to a conversation. Resolves when it is ready, or gone. */
export function openSession(parts: SessionParts, signal: AbortSignal): Promise<Opening> {
  if (signal.aborted) {
    parts.onGone()
    return Promise.resolve({ type: 'failed', failure: calledOff })
  }
  return new Promise((resolve) => {
    const kill = startSession(parts, (outcome) => {
      signal.removeEventListener('abort', callOff)
      resolve(outcome)
    })
    const callOff = () => kill(calledOff)
    signal.addEventListener('abort', callOff)
  })
}

/**
 * What the shells of its tools have in their environment and its MCP servers have not, in 2.1.329; `CLAUDECODE` is in both.
 */
const shellVariable = 'CLAUDE_CODE_CHILD_SESSION'

type Kill = (why: Failure) => void

function startSession(parts: SessionParts, onOpening: (opening: Opening) => void): Kill {
  const { clock, deadlineMs, sink, handshake } = parts
  let live: LiveConversation | undefined
  let told = false
  let failure: Failure | undefined
  const kill: Kill = (why) => {
    if (!told) failure ??= why
    void child.stop('kill')
  }
  const tidy = () => endTagged({ mark: child.mark, pid: child.pid, name: shellVariable })
  const deadlines = createDeadlines(clock, deadlineMs, (id) => kill(tooLate(id, deadlineMs)))
  const session: Session = {
    send: (command) => live?.tell(command),
    close: (mode) => {
      told = true
      return child.stop(mode)
    },
  }
  const getReady = (line: string) => {
    const readiness = handshake.hear(line)
    if (readiness?.type === 'failed') kill(readiness.failure)
    if (readiness?.type === 'ready') {
      const { models, notes } = readiness
      deadlines.follow([])
      const { write, pid } = child
      live = createLiveConversation({ sink: holdEvents(sink), write, deadlines, tidy, onFault: kill })
      onOpening({ type: 'opened', session, notes, models, pid })
    }
  }
  const child = startChild({
    ...parts.process,
    onLine: (line) => (live ? live.hear(line) : getReady(line)),
    onOversizedLine: () => kill({ reason: 'protocol', message: 'claude wrote a line too long to read' }),
    onExit: (exit) => {
      deadlines.follow([])
      parts.onGone()
      if (live) live.end(failure ?? (told ? undefined : classifyExit(exit)))
      else onOpening({ type: 'failed', failure: failure ?? classifyExit(exit) })
    },
  })
  deadlines.follow([handshakeId])
  handshake.lines.forEach(child.write)
  return kill
}

function tooLate(id: string, milliseconds: number): Failure {
  const what = id === handshakeId ? 'did not get ready' : 'did not answer a request'
  return { reason: 'timed-out', message: `claude ${what} within ${milliseconds / 1000} s` }
}
