import type { Clock, EventSink, Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { JsonRpcRequest, Respond } from '../json-rpc/json-rpc-peer.js'
import { createDeadlines } from './deadlines.js'
import type { Follower, RpcNotification } from './followers.js'

/** The result of a command, notification or answer: the next state, and effects. After a `fault` the session ends. */
export type RpcStep<Conversation> = {
  conversation: Conversation
  events: readonly SessionEvent[]
  replies: readonly RpcReply[]
  fault?: Failure
}

/** The result of a request from the CLI, by the id of that request. */
export type RpcReply = { requestId: string; result: unknown }

/** How a driver reads and drives one session of a process that speaks JSON-RPC. */
export type RpcSessionOptions<Conversation, Step extends RpcStep<Conversation>> = {
  /** The name of the CLI in messages. */
  label: string
  first: Conversation
  sink: EventSink
  clock: Clock
  /** The time that the CLI has to end an interrupted turn. */
  deadlineMs: number
  /** Called when the session cannot continue. */
  onFault: (why: Failure) => void
  /** Registers the follower for a session id; the returned function removes it. */
  follow: (sessionId: string, follower: Follower) => () => void
  sessionIdOf: (conversation: Conversation) => string
  translate: (conversation: Conversation, notification: RpcNotification) => Step
  /** Undefined for a request that the driver does not know. */
  readRequest: (conversation: Conversation, request: JsonRpcRequest) => Step | undefined
  /** The id of the turn that was interrupted and has not ended. */
  interruptedTurn: (conversation: Conversation) => string | undefined
  /** Sends the requests of a step; its events are reported afterwards. */
  sendRequests: (step: Step, before: Conversation) => void
  /** Starts the work that a step leads to beside requests and events. */
  afterEvents: (step: Step) => void
  /** Events that end the open turns when the session ends. */
  endTurns: (
    conversation: Conversation,
    end: { outcome: TurnOutcome; sessionEnds: true },
  ) => readonly SessionEvent[]
}

/** One session of a shared process: its state, and the exchange with its owner and the CLI. */
export type RpcSession<Conversation, Step> = {
  current(): Conversation
  /** Does nothing after `end`. */
  take(step: Step): void
  /** Reports the end of open turns and `session-closed`, and nothing after that. */
  end(failure: Failure | undefined): void
}

/** Joins the pure functions of a driver to a shared process. */
export function createRpcSession<Conversation, Step extends RpcStep<Conversation>>(
  options: RpcSessionOptions<Conversation, Step>,
): RpcSession<Conversation, Step> {
  const { label, first, sink, clock, deadlineMs, onFault, follow, sessionIdOf } = options
  const deadlines = createDeadlines(clock, deadlineMs, () => onFault(turnNotEnded(label)))
  const responds = new Map<string, Respond>()
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
  const follower: Follower = {
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
      options.endTurns(conversation, { outcome: closingOutcome(failure), sessionEnds: true }).forEach(sink)
      sink({ type: 'session-closed', ...(failure && { failure }) })
    },
  }
}

function answer(responds: Map<string, Respond>, { requestId, result }: RpcReply): void {
  responds.get(requestId)?.({ result })
  responds.delete(requestId)
}

/** The outcome of a turn that is open when its session ends. */
export function closingOutcome(failure: Failure | undefined): TurnOutcome {
  return failure ? { type: 'failed', failure } : { type: 'interrupted' }
}

function turnNotEnded(label: string): Failure {
  return { reason: 'timed-out', message: `${label} did not end an interrupted turn in time` }
}
