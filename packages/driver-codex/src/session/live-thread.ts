import type { Clock, EventSink, Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import { createDeadlines, type LiveSession } from '@subagent-mcp/driver-kit'
import { answered } from './read-answer.js'
import type { AppServer } from '../server/app-server.js'
import { andThen, endTurn, endWaiting, type Conversation, type Ending, type Step } from './conversation.js'
import { encode } from './encode.js'
import type { Follower, Respond } from '../server/followers.js'
import { left } from './forgotten.js'
import { leave, leaveIfIdle } from './leave.js'
import { createLeftovers, endProcesses, type Leftovers } from './leftovers.js'
import { putAway } from './unload-thread.js'
import { readQuestion } from './questions.js'
import type { Call } from './requests.js'
import { translate } from './translate.js'

/** What a conversation is joined to. */
export type Connection = {
  server: AppServer
  sink: EventSink
  clock: Clock
  deadlineMs: number
  /** The session cannot go on. */
  onFault: (why: Failure) => void
}

/** Keeps the state of a conversation between what is told and what is heard. */
export function createLiveThread(first: Conversation, connection: Connection): LiveSession {
  const { server, sink, clock, deadlineMs, onFault } = connection
  const deadlines = createDeadlines(clock, deadlineMs, () => onFault(noEnd))
  const leftovers = createLeftovers((threadId) => endProcesses(server, threadId))
  const responds = new Map<string, Respond>()
  let [conversation, ended] = [first, false]
  const away = awaited()

  const take = (given: Step) => {
    const { conversation: next, replies, calls, events, ending, fault } = andThen(given, leaveIfIdle)
    if (next.threadId !== conversation.threadId) following.follow(next.threadId)
    conversation = next
    deadlines.follow(owedEnd(next))
    replies.forEach((reply) => answer(responds, reply))
    for (const call of calls) void ask(call)
    events.forEach(sink)
    if (ending) void end(ending)
    if (fault) onFault(fault)
    if (next.leaving === 'left') away.done()
  }
  const ask = async (call: Call) => {
    const answer = await server.request(call.method, call.params)
    if (!ended) take(answered(conversation, call, answer))
  }
  const end = async (ending: Ending) => {
    const failure = await endWhatIsLeft(ending, leftovers, connection)
    if (!ended) take(left(conversation, failure))
  }
  const following = followingOf(server, followerOf({ current: () => conversation, take, responds }))
  following.follow(first.threadId)

  return {
    tell: (command) => {
      if (!ended) take(encode(conversation, command))
    },
    leave: () => {
      leftovers.leave()
      take(leave(conversation))
      return away.promise
    },
    endLeftovers: leftovers.gone,
    end: (failure) => {
      if (ended) return
      ended = true
      following.stop()
      deadlines.follow([])
      lastEvents(conversation, failure).forEach(sink)
    },
  }
}

function awaited(): { promise: Promise<void>; done: () => void } {
  let done: () => void = () => undefined
  const promise = new Promise<void>((resolve) => (done = resolve))
  return { promise, done: () => done() }
}

function answer(responds: Map<string, Respond>, { requestId, result }: Step['replies'][number]): void {
  responds.get(requestId)?.({ result })
  responds.delete(requestId)
}

/** Follows one thread at a time. */
function followingOf(server: AppServer, follower: Follower) {
  let stop: () => void = () => undefined
  return {
    follow: (threadId: string) => {
      stop()
      stop = server.follow(threadId, follower)
    },
    stop: () => stop(),
  }
}

type Listening = { current: () => Conversation; take: (step: Step) => void; responds: Map<string, Respond> }

function followerOf({ current, take, responds }: Listening): Follower {
  return {
    hear: (notification) => take(translate(current(), notification)),
    asked: (request, respond) => {
      const read = readQuestion(current(), request)
      if (read === undefined) return 'unknown'
      responds.set(String(request.id), respond)
      take(read)
      return 'taken'
    },
  }
}

/** Ends what runs in a thread; one that goes is put away first. Never rejects. */
async function endWhatIsLeft(
  { threadId, thread }: Ending,
  leftovers: Leftovers,
  { server, deadlineMs }: Connection,
): Promise<Failure | undefined> {
  const failure = thread === 'goes' ? await putAway(server, threadId, deadlineMs) : undefined
  await leftovers.end(threadId)
  return failure
}

/** The CLI owes the end of a turn that was interrupted. */
function owedEnd({ turn }: Conversation): readonly string[] {
  return turn === undefined || turn.interrupt === 'none' ? [] : [turn.id]
}

const noEnd: Failure = { reason: 'timed-out', message: 'codex did not end an interrupted turn in time' }

function lastEvents(conversation: Conversation, failure: Failure | undefined): readonly SessionEvent[] {
  const { turn } = conversation
  const outcome: TurnOutcome = failure ? { type: 'failed', failure } : { type: 'interrupted' }
  const last = turn === undefined ? [] : endTurn(conversation, turn, { outcome, sessionEnds: true }).events
  return [
    ...last,
    ...endWaiting(conversation, outcome),
    { type: 'session-closed', ...(failure && { failure }) },
  ]
}
