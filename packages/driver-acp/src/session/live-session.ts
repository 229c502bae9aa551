import type { Clock, EventSink, Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { createDeadlines, type JsonRpcAnswer, type LiveSession } from '@subagent-mcp/driver-kit'
import type { AgentProcess } from '../agent/agent-process.js'
import { endTurn, leftBy, step, type Conversation, type Step } from './conversation.js'
import { encode } from './encode.js'
import type { Follower, Respond } from '../agent/followers.js'
import { readQuestion } from './questions.js'
import type { Call } from './requests.js'
import { putAway, settle } from './read-answer.js'
import type { Left, Traces } from './traces.js'
import { retried, translate } from './translate.js'

/** What a conversation is joined to. */
export type Connection = {
  agent: AgentProcess
  traces: Traces
  sink: EventSink
  clock: Clock
  deadlineMs: number
  /** Why no further session may be made in this process, if so. */
  forbidden: () => Failure | undefined
  /** The session cannot go on. */
  onFault: (why: Failure) => void
}

/** Keeps the state of a conversation between what is told and what is heard. */
export function createLiveSession(first: Conversation, connection: Connection): LiveSession {
  const { agent, traces, sink, clock, deadlineMs, onFault } = connection
  const deadlines = createDeadlines(clock, deadlineMs, () => onFault(noEnd(first)))
  const responds = new Map<string, Respond>()
  let conversation = first
  let asksSince = 0
  let ended = false
  let running = Promise.resolve()

  const take = ({ conversation: next, calls, replies, events, left, fault }: Step) => {
    if (next.turn?.asksModel && !conversation.turn?.asksModel) asksSince = clock.now()
    if (next.sessionId !== conversation.sessionId) following.follow(next.sessionId)
    conversation = next
    deadlines.follow(owedEnd(next))
    calls.forEach(send)
    replies.forEach((reply) => answer(responds, reply))
    events.forEach(sink)
    if (left) void clear(left, traces).then((next) => !ended && take(next(conversation)))
    if (fault) onFault(fault)
  }
  const send = (call: Call) => {
    const settled = requestOf(connection, call).then((answer) => {
      if (!ended) take(settle(conversation, call, answer))
    })
    if (call.method === 'session/prompt') running = settled
  }
  const follower = followerOf({ current: () => ({ conversation, asksSince }), take, responds })
  const following = followingOf(agent, follower)
  following.follow(first.sessionId)

  return {
    tell: (command) => {
      if (!ended) take(encode(conversation, command))
    },
    leave: async () => {
      take(encode(conversation, { type: 'interrupt' }))
      await running
      await traces.close(leftBy(conversation))
    },
    endLeftovers: () => traces.clear(leftBy(conversation)),
    end: (failure) => {
      if (ended) return
      ended = true
      following.stop()
      deadlines.follow([])
      traces.forget(conversation.sessionId)
      lastEvents(conversation, failure).forEach(sink)
    },
  }
}

/** Has nothing left of a session; what comes back says how the next one goes on. */
async function clear(left: Left, traces: Traces): Promise<(conversation: Conversation) => Step> {
  const fault = await traces.close(left)
  await traces.clear(left)
  return fault ? (conversation) => step(conversation, {}, { fault }) : putAway
}

/** A reset makes a session, where it may, and waits for its turn to; a cancel is not answered. */
function requestOf({ agent, forbidden, onFault }: Connection, call: Call): Promise<JsonRpcAnswer> {
  if (call.method === 'session/cancel') {
    agent.notify(call)
    return Promise.resolve({ type: 'lost' })
  }
  if (call.method !== 'session/new') return agent.request(call)
  const failure = forbidden()
  if (failure === undefined) return agent.makeNext(() => agent.request(call))
  onFault(failure)
  return Promise.resolve({ type: 'lost' })
}

function answer(responds: Map<string, Respond>, { requestId, result }: Step['replies'][number]): void {
  responds.get(requestId)?.({ result })
  responds.delete(requestId)
}

/** Follows one session at a time. */
function followingOf(agent: AgentProcess, follower: Follower) {
  let stop: () => void = () => undefined
  return {
    follow: (sessionId: string) => {
      stop()
      stop = agent.follow(sessionId, follower)
    },
    stop: () => stop(),
  }
}

type Listening = {
  current: () => { conversation: Conversation; asksSince: number }
  take: (step: Step) => void
  responds: Map<string, Respond>
}

function followerOf({ current, take, responds }: Listening): Follower {
  return {
    hear: (notification) => take(translate(current().conversation, notification)),
    asked: (request, respond) => {
      const read = readQuestion(current().conversation, request)
      if (read === undefined) return 'unknown'
      responds.set(String(request.id), respond)
      take(read)
      return 'taken'
    },
    retried: (retry) => take(retried(current().conversation, retry)),
    asksModel: () => {
      const { conversation, asksSince } = current()
      const { turn } = conversation
      return turn?.asksModel ? { since: asksSince, retries: turn.retries } : undefined
    },
    isBusy: () => {
      const { turn } = current().conversation
      return turn !== undefined && turn.phase.type !== 'waiting'
    },
  }
}

/** The agent owes the end of a turn that was cancelled. */
function owedEnd({ turn }: Conversation): readonly string[] {
  return turn?.phase.type === 'cancelled' ? [turn.id] : []
}

function noEnd({ choices }: Conversation): Failure {
  return { reason: 'timed-out', message: `${choices.label} did not end an interrupted turn in time` }
}

function lastEvents(conversation: Conversation, failure: Failure | undefined): readonly SessionEvent[] {
  const { turn } = conversation
  const outcome: TurnOutcome = failure ? { type: 'failed', failure } : { type: 'interrupted' }
  const last = turn === undefined ? [] : endTurn(conversation, turn, { outcome, sessionEnds: true }).events
  return [...last, { type: 'session-closed', ...(failure && { failure }) }]
}
