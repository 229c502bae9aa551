import type { Clock, SessionEventSink, Failure } from '@subagent-mcp/contract'
import { createRpcSession, type OpenSharedSession } from '@subagent-mcp/driver-kit'
import { codexCli } from '../codex-cli.js'
import type { AppServer } from '../server/app-server.js'
import {
  createCodexStep,
  endCodexTurn,
  endWaitingCodexPrompts,
  chainCodexSteps,
  type CodexConversation,
  type CodexStep,
  type ThreadCommandsEnding,
} from './conversation.js'
import { encodeCodexCommand } from './encode.js'
import { onThreadCommandsEnded } from './finish-reset.js'
import { createLeftoverProcesses, killThreadProcesses, type LeftoverProcesses } from './leftovers.js'
import { readCodexApprovalRequest } from './questions.js'
import { readCodexAnswer } from './read-answer.js'
import { createEndCommandsRequest, type CodexRequest } from './requests.js'
import { translateCodexNotification } from './translate.js'
import { unloadThread } from './unload-thread.js'

type Connection = {
  server: AppServer
  sink: SessionEventSink
  clock: Clock
  deadlineMs: number
  /** Called when the Codex session cannot continue, so that it is closed. */
  onFault: (why: Failure) => void
}

export function createLiveThread(first: CodexConversation, connection: Connection): OpenSharedSession {
  const { server } = connection
  const leftovers = createLeftoverProcesses((threadId) => killThreadProcesses(server, threadId))
  let onUnloaded: () => void = () => undefined
  const unloaded = new Promise<void>((resolve) => (onUnloaded = resolve))

  const session = createRpcSession<CodexConversation, CodexStep>({
    ...connection,
    first,
    label: codexCli.label,
    follow: server.follow,
    sessionIdOf: ({ threadId }) => threadId,
    translate: (conversation, notification) =>
      leaveWhenIdle(translateCodexNotification(conversation, notification)),
    readRequest: (conversation, request) => {
      const step = readCodexApprovalRequest(conversation, request)
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
      ...endWaitingCodexPrompts(conversation, end.outcome),
    ],
  })
  const take = (step: CodexStep) => session.take(leaveWhenIdle(step))
  const request = async (call: CodexRequest) => {
    const answer = await server.request(call.method, call.params)
    take(readCodexAnswer(session.current(), call, answer))
  }
  const endThread = async (ending: ThreadCommandsEnding) => {
    const failure = await endWhatRuns(ending, leftovers, connection)
    take(onThreadCommandsEnded(session.current(), failure))
  }

  return {
    send: (command) => take(encodeCodexCommand(session.current(), command)),
    unload: () => {
      leftovers.leave()
      take(endAndUnloadThread(session.current()))
      return unloaded
    },
    endLeftovers: leftovers.gone,
    end: session.end,
  }
}

function leaveWhenIdle(step: CodexStep): CodexStep {
  return chainCodexSteps(step, unloadThreadIfIdle)
}

/** Ends the commands of a Codex thread, and unloads a thread that the session leaves. Never rejects. */
async function endWhatRuns(
  { threadId, thread }: ThreadCommandsEnding,
  leftovers: LeftoverProcesses,
  { server, deadlineMs }: Connection,
): Promise<Failure | undefined> {
  const failure = thread === 'goes' ? await unloadThread(server, threadId, deadlineMs) : undefined
  await leftovers.end(threadId)
  return failure
}

/** Interrupts the turn of a Codex thread and ends its commands, so that the session can unload the thread. */
export function endAndUnloadThread(conversation: CodexConversation): CodexStep {
  const interrupted = encodeCodexCommand({ ...conversation, leaving: 'wanted' }, { type: 'interrupt' })
  return chainCodexSteps(interrupted, (next) =>
    createCodexStep(next, {}, { calls: [createEndCommandsRequest(next.threadId)] }),
  )
}

/** Unloads a thread that the session leaves, as soon as it is idle: Codex keeps a thread with a running turn. */
export function unloadThreadIfIdle(conversation: CodexConversation): CodexStep {
  const { leaving, turn, forgetting, threadId } = conversation
  if (leaving !== 'wanted' || turn !== undefined || forgetting !== undefined)
    return createCodexStep(conversation, {})
  return createCodexStep(conversation, { leaving: 'asked' }, { ending: { threadId, thread: 'goes' } })
}
