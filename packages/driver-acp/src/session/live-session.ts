import type { Clock, SessionEventSink, Failure } from '@subagent-mcp/contract'
import {
  createRpcSession,
  type SessionListener,
  type JsonRpcOutcome,
  type OpenSharedSession,
  type RpcSession,
} from '@subagent-mcp/driver-kit'
import type { AcpAgentProcess } from '../agent/agent-process.js'
import type { AcpSessionListener } from '../agent/session-listeners.js'
import {
  createAcpStep,
  getCurrentAcpSession,
  endAcpTurn,
  type AcpConversation,
  type AcpStep,
} from './conversation.js'
import { encodeAcpCommand } from './encode.js'
import { readAcpPermissionRequest } from './questions.js'
import { finishAcpReset, readAcpAnswer } from './read-answer.js'
import type { AcpRequest } from './requests.js'
import type { ReplacedAcpSession, AcpSessionCleaner } from './session-cleaner.js'
import { createModelRetryStep, translateAcpNotification } from './translate.js'

type Connection = {
  agent: AcpAgentProcess
  cleaner: AcpSessionCleaner
  sink: SessionEventSink
  clock: Clock
  deadlineMs: number
  /** Returns why the agent process may open no further session; undefined when it may. */
  forbidden: () => Failure | undefined
  /** Called when the ACP session cannot continue, so that it is closed. */
  onFault: (why: Failure) => void
}

export function createLiveAcpSession(first: AcpConversation, connection: Connection): OpenSharedSession {
  const { agent, cleaner, clock } = connection
  let requestedAt = 0
  let prompted: Promise<void> = Promise.resolve()

  const ofAgent = agentCallbacks(
    () => session,
    () => requestedAt,
  )
  const session: RpcSession<AcpConversation, AcpStep> = createRpcSession({
    ...connection,
    first,
    label: first.choices.label,
    follow: (sessionId, follower) => agent.follow(sessionId, { ...follower, ...ofAgent }),
    sessionIdOf: ({ sessionId }) => sessionId,
    translate: translateAcpNotification,
    readRequest: readAcpPermissionRequest,
    interruptedTurn: ({ turn }) => (turn?.phase.type === 'cancelled' ? turn.id : undefined),
    sendRequests: ({ calls, conversation: { turn } }, before) => {
      if (turn?.asksModel && !before.turn?.asksModel) requestedAt = clock.now()
      calls.forEach(send)
    },
    afterEvents: ({ left }) => {
      if (left) void clear(left, cleaner).then((next) => session.take(next(session.current())))
    },
    endTurns: (conversation, end) =>
      conversation.turn ? endAcpTurn(conversation, conversation.turn, end).events : [],
  })
  const send = (call: AcpRequest) => {
    const answered = answerOf(connection, call).then((answer) =>
      session.take(readAcpAnswer(session.current(), call, answer)),
    )
    if (call.method === 'session/prompt') prompted = answered
  }

  return {
    send: (command) => session.take(encodeAcpCommand(session.current(), command)),
    unload: async () => {
      session.take(encodeAcpCommand(session.current(), { type: 'interrupt' }))
      await prompted
      await cleaner.close(getCurrentAcpSession(session.current()))
    },
    endLeftovers: () => cleaner.clear(getCurrentAcpSession(session.current())),
    end: (failure) => {
      cleaner.forget(session.current().sessionId)
      session.end(failure)
    },
  }
}

/** The callbacks of a follower that only agents need. */
function agentCallbacks(
  session: () => RpcSession<AcpConversation, AcpStep>,
  requestedAt: () => number,
): Omit<AcpSessionListener, keyof SessionListener> {
  return {
    onRetry: (retry) => session().take(createModelRetryStep(session().current(), retry)),
    modelRequest: () => {
      const { turn } = session().current()
      return turn?.asksModel ? { since: requestedAt(), retries: turn.retries } : undefined
    },
    isBusy: () => {
      const { turn } = session().current()
      return turn !== undefined && turn.phase.type !== 'waiting'
    },
  }
}

/** Closes the ACP session before a reset and removes what it leaves behind. Returns the step that finishes the reset. */
async function clear(
  left: ReplacedAcpSession,
  cleaner: AcpSessionCleaner,
): Promise<(conversation: AcpConversation) => AcpStep> {
  const fault = await cleaner.close(left)
  await cleaner.clear(left)
  return fault ? (conversation) => createAcpStep(conversation, {}, { fault }) : finishAcpReset
}

/** Sends a request to the ACP agent. A cancel gets no answer; a new session waits its turn, and may be forbidden. */
function answerOf({ agent, forbidden, onFault }: Connection, call: AcpRequest): Promise<JsonRpcOutcome> {
  if (call.method === 'session/cancel') {
    agent.notify(call)
    return Promise.resolve({ type: 'lost' })
  }
  if (call.method !== 'session/new') return agent.request(call)
  const failure = forbidden()
  if (failure === undefined) return agent.inSequence(() => agent.request(call))
  onFault(failure)
  return Promise.resolve({ type: 'lost' })
}
