import type { Clock, EventSink, Failure, OpenOutcome, Session } from '@subagent-mcp/contract'
import { startChild, type ChildOptions } from '@subagent-mcp/driver-kit'
import { classifyExit } from './classify.js'
import { createDeadlines } from './deadlines.js'
import { readHandshake } from './handshake.js'
import { createLiveConversation, type LiveConversation } from './live-conversation.js'
import { handshake, handshakeId } from './requests.js'

/** What a session is made of. */
export type SessionParts = {
  process: Omit<ChildOptions, 'onLine' | 'onOversizedLine' | 'onExit'>
  clock: Clock
  /** How long the CLI may take to get ready, and to answer a request. */
  deadlineMs: number
  /** Called once, when no process is left. */
  onGone: () => void
}

/** Starts a process and joins it to a conversation. Resolves when it is ready, or gone. */
export function openSession(parts: SessionParts, sink: EventSink, signal: AbortSignal): Promise<OpenOutcome> {
  return new Promise((resolve) => {
    let live: LiveConversation | undefined
    let told = false
    let failure: Failure | undefined
    const kill = (why: Failure) => {
      if (!told) failure ??= why
      void child.stop('kill')
    }
    const callOff = () => kill({ reason: 'unknown', message: 'the launch was called off' })
    const deadlines = createDeadlines(parts.clock, parts.deadlineMs, (id) =>
      kill(tooLate(id, parts.deadlineMs)),
    )
    const session: Session = {
      send: (command) => live?.tell(command),
      close: (mode) => {
        told = true
        return child.stop(mode)
      },
    }
    const open = (line: string) => {
      const read = readHandshake(line)
      if (read === undefined) return
      if (read !== 'ready') {
        kill(read)
        return
      }
      signal.removeEventListener('abort', callOff)
      deadlines.follow([])
      live = createLiveConversation({ sink, write: child.write, deadlines })
      resolve({ type: 'opened', session })
    }
    const child = startChild({
      ...parts.process,
      onLine: (line) => (live ? live.hear(line) : open(line)),
      onOversizedLine: () => kill({ reason: 'protocol', message: 'claude wrote a line too long to read' }),
      onExit: (exit) => {
        signal.removeEventListener('abort', callOff)
        deadlines.follow([])
        parts.onGone()
        failure ??= told ? undefined : classifyExit(exit)
        if (live) live.end(failure)
        else resolve({ type: 'failed', failure: failure ?? classifyExit(exit) })
      },
    })
    signal.addEventListener('abort', callOff)
    deadlines.follow([handshakeId])
    child.write(handshake)
  })
}

function tooLate(id: string, milliseconds: number): Failure {
  const what = id === handshakeId ? 'did not get ready' : 'did not answer a request'
  return { reason: 'timed-out', message: `claude ${what} within ${milliseconds / 1000} s` }
}
