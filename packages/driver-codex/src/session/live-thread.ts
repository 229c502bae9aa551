import type { Clock, SessionEventSink, Failure } from '@subagent-mcp/contract'
import { createRpcSession, type LiveSession } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import type { AppServer } from '../server/app-server.js'
import {
  codexStep,
  endCodexTurn,
  endHeldPrompts,
  thenStep,
  type CodexConversation,
  type CodexStep,
  type ThreadEnding,
} from './conversation.js'
import { encodeCommand } from './encode.js'
import { onThreadEnded } from './forgotten.js'
import { createLeftovers, killThreadProcesses, type LeftoverProcesses } from './leftovers.js'
import { readApprovalRequest } from './questions.js'
import { readCodexAnswer } from './read-answer.js'
import { cleanTerminalsRequest, type CodexRequest } from './requests.js'
import { translateNotification } from './translate.js'
import { unloadThread } from './unload-thread.js'

type Connection = {
  server: AppServer
  sink: SessionEventSink
  clock: Clock
  deadlineMs: number
  /** Called when the Codex session cannot continue, so that it is closed. */
  onFault: (why: Failure) => void
}

/** Drives the conversation of one session over its app server. */
export function createLiveThread(first: CodexConversation, connection: Connection): LiveSession {
  const { server } = connection
  const leftovers = createLeftovers((threadId) => killThreadProcesses(server, threadId))
  let onUnloaded: () => void = () => undefined
  const unloaded = new Promise<void>((resolve) => (onUnloaded = resolve))

  const session = createRpcSession<CodexConversation, CodexStep>({
    ...connection,
    first,
    label: codexCli.label,
    follow: server.follow,
    sessionIdOf: ({ threadId }) => threadId,
    translate: (conversation, notification) =>
      leaveWhenIdle(translateNotification(conversation, notification)),
    readRequest: (conversation, request) => {
      const step = readApprovalRequest(conversation, request)
      return step && leaveWhenIdle(step)
    },
    interruptedTurn: ({ turn }) => (turn === undefined || turn.interrupt === 'none' ? undefined : turn.id),
    sendRequests: ({ calls }) => calls.forEach((call) => void request(call)),
    afterEvents: ({ ending, conversation }) => {
      if (ending) void endThread(ending)
      if (conversation.leaving === 'left') onUnloaded()
    },
    endTurns: (conversation, end) => [
      ...(conversation.turn ? endCodexTurn(conversation, conversation.turn, end).events : []),
      ...endHeldPrompts(conversation, end.outcome),
    ],
  })
  const take = (step: CodexStep) => session.take(leaveWhenIdle(step))
  const request = async (call: CodexRequest) => {
    const answer = await server.request(call.method, call.params)
    take(readCodexAnswer(session.current(), call, answer))
  }
  const endThread = async (ending: ThreadEnding) => {
    const failure = await endWhatRuns(ending, leftovers, connection)
    take(onThreadEnded(session.current(), failure))
  }

  return {
    send: (command) => take(encodeCommand(session.current(), command)),
    unload: () => {
      leftovers.leave()
      take(leaveThread(session.current()))
      return unloaded
    },
    endLeftovers: leftovers.gone,
    end: session.end,
  }
}

function leaveWhenIdle(step: CodexStep): CodexStep {
  return thenStep(step, leaveThreadIfIdle)
}

/** Ends the commands of a Codex thread, and unloads a thread that the session leaves. Never rejects. */
async function endWhatRuns(
  { threadId, thread }: ThreadEnding,
  leftovers: LeftoverProcesses,
  { server, deadlineMs }: Connection,
): Promise<Failure | undefined> {
  const failure = thread === 'goes' ? await unloadThread(server, threadId, deadlineMs) : undefined
  await leftovers.end(threadId)
  return failure
}

/** Interrupts the turn of a Codex thread and ends its commands, so that the session can unload the thread. */
export function leaveThread(conversation: CodexConversation): CodexStep {
  const interrupted = encodeCommand({ ...conversation, leaving: 'wanted' }, { type: 'interrupt' })
  return thenStep(interrupted, (next) =>
    codexStep(next, {}, { calls: [cleanTerminalsRequest(next.threadId)] }),
  )
}

/** Unloads a thread that the session leaves, as soon as it is idle: Codex keeps a thread with a running turn. */
export function leaveThreadIfIdle(conversation: CodexConversation): CodexStep {
  const { leaving, turn, forgetting, threadId } = conversation
  if (leaving !== 'wanted' || turn !== undefined || forgetting !== undefined)
    return codexStep(conversation, {})
  return codexStep(conversation, { leaving: 'asked' }, { ending: { threadId, thread: 'goes' } })
}
