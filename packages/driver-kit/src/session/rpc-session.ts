import type { Clock, SessionEventSink, Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { JsonRpcRequest, SendRpcReply } from '../json-rpc/json-rpc-peer.js'
import { createAnswerDeadlines } from './deadlines.js'
import type { SessionListener, RpcNotification } from './session-listeners.js'

/** A driver's result for a command, notification or answer: the next state, and effects. After a `fault` the session ends. */
export type RpcStep<Conversation> = {
  conversation: Conversation
  events: readonly SessionEvent[]
  replies: readonly RpcReply[]
  fault?: Failure
}

export type RpcReply = { requestId: string; result: unknown }

/** How a driver reads and drives one session of a process that speaks JSON-RPC. */
export type RpcSessionOptions<Conversation, Step extends RpcStep<Conversation>> = {
  label: string
  first: Conversation
  sink: SessionEventSink
  clock: Clock
  /** The milliseconds that the CLI has to end an interrupted turn. */
  deadlineMs: number
  /** Called when the session cannot continue. */
  onFault: (why: Failure) => void
  /** Registers a session's follower under its id; the returned function removes it. */
  follow: (sessionId: string, follower: SessionListener) => () => void
  sessionIdOf: (conversation: Conversation) => string
  translate: (conversation: Conversation, notification: RpcNotification) => Step
  /** Undefined for a request that the driver does not know. */
  readRequest: (conversation: Conversation, request: JsonRpcRequest) => Step | undefined
  /** Returns the id of a turn that was interrupted and has not ended. */
  interruptedTurn: (conversation: Conversation) => string | undefined
  /** Sends the requests of a step to the CLI; the step's events are reported afterwards. */
  sendRequests: (step: Step, before: Conversation) => void
  /** Starts the work of a step that is neither a request nor an event, after both. */
  afterEvents: (step: Step) => void
  endTurns: (
    conversation: Conversation,
    end: { outcome: TurnOutcome; sessionEnds: true },
  ) => readonly SessionEvent[]
}

/** One session of a shared CLI process: its state, and the exchange with its owner and the CLI. */
export type RpcSession<Conversation, Step> = {
  current(): Conversation
  /** Adopts the state of a driver's step and sends its effects. Does nothing after `end`. */
  take(step: Step): void
  /** Reports the end of open turns and `session-closed` to the owner, and no event after that. */
  end(failure: Failure | undefined): void
}

export function createRpcSession<Conversation, Step extends RpcStep<Conversation>>(
  options: RpcSessionOptions<Conversation, Step>,
): RpcSession<Conversation, Step> {
  const { label, first, sink, clock, deadlineMs, onFault, follow, sessionIdOf } = options
  const deadlines = createAnswerDeadlines(clock, deadlineMs, () => onFault(turnNotEnded(label)))
  const responds = new Map<string, SendRpcReply>()
  let [conversation, ended] = [first, false]
  const take = (step: Step) => {
    if (ended) return
    const before = conversation
    const { conversation: next, replies, events, fault } = step
    if (sessionIdOf(next) !== sessionIdOf(before)) followSession(sessionIdOf(next))
    conversation = next
    const interrupted = options.interruptedTurn(next)
    deadlines.follow(interrupted === undefined ? [] : [interrupted])
    for (const reply of replies) answer(responds, reply)
    options.sendRequests(step, before)
    events.forEach(sink)
    options.afterEvents(step)
    if (fault) onFault(fault)
  }
  const follower: SessionListener = {
    onNotification: (notification) => take(options.translate(conversation, notification)),
    onRequest: (request, respond) => {
      const step = options.readRequest(conversation, request)
      if (step === undefined) return 'unknown'
      responds.set(String(request.id), respond)
      take(step)
      return 'taken'
    },
  }
  let unfollow = follow(sessionIdOf(first), follower)
  const followSession = (sessionId: string) => {
    unfollow()
    unfollow = follow(sessionId, follower)
  }
  return {
    current: () => conversation,
    take,
    end: (failure) => {
      if (ended) return
      ended = true
      unfollow()
      deadlines.follow([])
      const outcome = getOutcomeAtSessionEnd(failure)
      options.endTurns(conversation, { outcome, sessionEnds: true }).forEach(sink)
      sink({ type: 'session-closed', ...(failure && { failure }) })
    },
  }
}

function answer(responds: Map<string, SendRpcReply>, { requestId, result }: RpcReply): void {
  responds.get(requestId)?.({ result })
  responds.delete(requestId)
}

/** Returns the outcome of a turn that is open when its session ends. */
export function getOutcomeAtSessionEnd(failure: Failure | undefined): TurnOutcome {
  return failure ? { type: 'failed', failure } : { type: 'interrupted' }
}

function turnNotEnded(label: string): Failure {
  return { reason: 'timed-out', message: `${label} did not end an interrupted turn in time` }
}
