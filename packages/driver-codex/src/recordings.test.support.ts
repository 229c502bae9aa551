import type { SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import type { JsonRpcOutcome, RpcReply } from '@subagent-mcp/driver-kit'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readCodexAnswer } from './session/read-answer.js'
import {
  createCodexConversation,
  createCodexStep,
  type CodexConversation,
  type CodexStep,
} from './session/conversation.js'
import { encodeCodexCommand } from './session/encode.js'
import { onThreadCommandsEnded } from './session/finish-reset.js'
import { readCodexApprovalRequest } from './session/questions.js'
import type { CodexRequest } from './session/requests.js'
import { createCodexThreadParams } from './launch/thread-params.js'
import { translateCodexNotification } from './session/translate.js'
import { ThreadAnswer } from './session/wire.js'

const Line = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  params: z
    .looseObject({
      clientUserMessageId: z.string().default(''),
      input: z.array(z.looseObject({ text: z.string() })).optional(),
    })
    .optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
})
type Line = z.infer<typeof Line>

const Entry = z.discriminatedUnion('from', [
  z.object({ from: z.literal('us'), line: Line }),
  z.object({ from: z.literal('codex'), line: Line }),
  z.looseObject({ from: z.literal('exit') }),
])

/** The events, state, replies and requests of a replayed Codex session. */
export type ReplayedSession = {
  events: SessionEvent[]
  conversation: CodexConversation
  replies: RpcReply[]
  sent: string[]
}

/** Plays both directions of a recording again: commands are read off what was sent. */
export function replay(name: string): ReplayedSession {
  const played: ReplayedSession = { events: [], conversation: newThreadConversation, replies: [], sent: [] }
  const calls: CodexRequest[] = []
  const waiting = new Map<unknown, CodexRequest>()
  const take = (taken: CodexStep) => {
    played.conversation = taken.conversation
    played.events.push(...taken.events)
    played.replies.push(...taken.replies)
    played.sent.push(...taken.calls.map(({ method }) => method))
    calls.push(...taken.calls)
    if (taken.ending) take(onThreadCommandsEnded(played.conversation, undefined))
  }
  for (const entry of readRecording(name)) {
    if (entry.from === 'us') {
      const command = commandOf(entry.line, played.conversation)
      if (command) take(encodeCodexCommand(played.conversation, command))
      const index = calls.findIndex(({ method }) => method === entry.line.method)
      for (const call of index === -1 ? [] : calls.splice(index, 1)) waiting.set(entry.line.id, call)
    }
    if (entry.from === 'codex') take(heard(entry.line, played.conversation, waiting))
  }
  return played
}

const spec = { cwd: '/', environment: {}, mcp: 'inherit' } as const
const params = createCodexThreadParams(spec, { model: undefined, mcpServers: undefined, mark: 'nonce.1' })

/** The state of a Codex session whose thread has not been started. */
export const newThreadConversation: CodexConversation = createCodexConversation({
  threadId: '',
  threadParams: params,
  models: [],
  outputSchema: undefined,
  settings: {},
})

/** Reads the lines of a Codex recording, each with its sender. */
export function readRecording(name: string): z.infer<typeof Entry>[] {
  const file = new URL(`./__fixtures__/codex-0.169.0-${name}.jsonl`, import.meta.url)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => Entry.parse(JSON.parse(line)))
}

function heard(line: Line, conversation: CodexConversation, waiting: Map<unknown, CodexRequest>): CodexStep {
  const { id, method, params } = line
  if (method !== undefined && id !== undefined) {
    return readCodexApprovalRequest(conversation, { id, method, params }) ?? createCodexStep(conversation, {})
  }
  if (method !== undefined) return translateCodexNotification(conversation, { method, params })
  const call = waiting.get(id)
  if (call !== undefined) return readCodexAnswer(conversation, call, answerOf(line))
  const opened = ThreadAnswer.safeParse(line.result).data
  return createCodexStep(
    conversation,
    opened && conversation.threadId === '' ? { threadId: opened.thread.id } : {},
  )
}

function answerOf({ result, error }: Line): JsonRpcOutcome {
  return error === undefined ? { type: 'result', result } : { type: 'error', ...error }
}

function commandOf(
  { id, method, params, result }: Line,
  conversation: CodexConversation,
): SessionCommand | undefined {
  const text = params?.input?.[0]?.text ?? ''
  const messageId = params?.clientUserMessageId ?? ''
  if (method === undefined) {
    const requestId = String(id)
    const asked = conversation.approvals.find((approval) => approval.requestId === requestId)
    const allowed = /accept/.test(JSON.stringify(result))
    return asked && { type: 'answer', requestId, decision: allowed ? 'allow' : 'deny' }
  }
  if (method === 'turn/start') return { type: 'prompt', turnId: messageId, text }
  if (method === 'turn/steer') return { type: 'steer', messageId, text }
  if (method === 'turn/interrupt') return { type: 'interrupt' }
  return method === 'thread/start' && conversation.threadId !== '' ? { type: 'reset' } : undefined
}

/** Shortens session events to a few words each. Drops streamed pieces of text, and the usage so far. */
export function shortenEvents(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => (notWritten.includes(event.type) ? [] : [wordsOf(event)]))
}

function wordsOf(event: SessionEvent): string {
  switch (event.type) {
    case 'session-identified':
      return 'identified'
    case 'thinking-advanced':
      return 'thinking'
    case 'message-ended':
    case 'notice':
      return `${event.type.replace('-ended', '')} ${event.text}`
    case 'tool-started':
      return `tool ${event.tool}`
    case 'tool-ended':
      return `tool ${event.failed ? 'failed' : 'ok'}: ${event.output.split('\n')[0]?.slice(0, 50)}`
    case 'approval-requested':
      return `asked ${event.tool} ${JSON.stringify(event.input)}`
    case 'approval-withdrawn':
      return 'withdrawn'
    case 'usage-reported':
      return 'used'
    case 'retry-announced':
      return `retry ${event.attempt}/${event.maxAttempts} ${event.failure.reason}`
    case 'turn-ended':
      return event.outcome.type === 'completed' ? `completed: ${event.outcome.answer}` : event.outcome.type
    default:
      return event.type
  }
}

const notWritten: readonly SessionEvent['type'][] = ['text-delta', 'usage-advanced']
