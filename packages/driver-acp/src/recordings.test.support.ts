import type { SessionEvent } from '@subagent-mcp/contract'
import type { JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readAcpModels, type AcpSessionChoices } from './session/choices.js'
import { readGeminiRetry } from './classify.js'
import {
  createAcpConversation,
  createAcpStep,
  type AcpConversation,
  type AcpStep,
} from './session/conversation.js'
import { encodeAcpCommand } from './session/encode.js'
import { geminiProfile } from './gemini/gemini-profile.js'
import { readAcpPermissionRequest } from './session/questions.js'
import { readAcpAnswer } from './session/read-answer.js'
import { createModelRetryStep, translateAcpNotification } from './session/translate.js'
import { AcpSessionAnswer } from './session/wire.js'

const Message = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z
    .looseObject({
      sessionId: z.string().optional(),
      prompt: z.array(z.looseObject({ text: z.string() })).optional(),
    })
    .optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
})
type Message = z.infer<typeof Message>

const Entry = z.discriminatedUnion('from', [
  z.object({ from: z.literal('us'), line: Message }),
  z.object({ from: z.literal('gemini'), line: Message }),
  z.object({ from: z.literal('log'), line: z.string() }),
  z.object({ from: z.literal('exit'), line: z.unknown() }),
])

/** Plays both directions of a recorded ACP session again, with commands read off what was sent. */
export function replay(name: string): { events: SessionEvent[]; conversation: AcpConversation } {
  const asked = new Map<number, Message>()
  const events: SessionEvent[] = []
  let conversation = createAcpConversation('', recordedChoices)
  for (const entry of recording(name)) {
    if (entry.from === 'us' && entry.line.method !== undefined) asked.set(entry.line.id ?? -1, entry.line)
    const next = stepOf(entry, conversation, asked)
    conversation = next.conversation
    events.push(...next.events)
  }
  return { events, conversation }
}

/** Returns the recorded answer to the request that opened a session. */
export function sessionAnswer(name: string): AcpSessionAnswer {
  const lines = recording(name).flatMap((entry) => (entry.from === 'gemini' ? [entry.line.result] : []))
  const answers = lines.flatMap((line) => {
    const { data } = AcpSessionAnswer.safeParse(line)
    return data === undefined ? [] : [data]
  })
  const made = answers.find(({ sessionId }) => sessionId !== undefined)
  if (made === undefined) throw new Error(`${name} has no session/new`)
  return made
}

function recording(name: string): z.infer<typeof Entry>[] {
  const url = new URL(`./__fixtures__/gemini-0.61.0-${name}.jsonl`, import.meta.url)
  const lines = readFileSync(url, 'utf8').trimEnd().split('\n')
  return lines.map((line) => Entry.parse(JSON.parse(line)))
}

/** The choices of a recorded session, which has the models that Gemini lists. */
export const recordedChoices: AcpSessionChoices = {
  ...{ label: 'gemini', cwd: '/project', models: [], modelConfigId: undefined, model: 'gemini-2.5-pro' },
  ...{ mode: 'default', preamble: undefined, answers: 'asks', servers: [], mark: 'm', takesImages: true },
}

function stepOf(
  entry: z.infer<typeof Entry>,
  conversation: AcpConversation,
  asked: ReadonlyMap<number, Message>,
): AcpStep {
  if (entry.from === 'us') return told(entry.line, conversation)
  if (entry.from === 'gemini') return heard(entry.line, conversation, asked)
  const retry = entry.from === 'log' ? readGeminiRetry(entry.line) : undefined
  return retry === undefined ? createAcpStep(conversation, {}) : createModelRetryStep(conversation, retry)
}

function told({ id, method, params, result }: Message, conversation: AcpConversation): AcpStep {
  if (method === 'session/prompt') {
    return encodeAcpCommand(conversation, {
      type: 'prompt',
      turnId: `turn-${id}`,
      text: params?.prompt?.[0]?.text ?? '',
    })
  }
  if (method === 'session/cancel') return encodeAcpCommand(conversation, { type: 'interrupt' })
  const decided = Decided.safeParse(result).data?.outcome.optionId
  if (method !== undefined || decided === undefined) return createAcpStep(conversation, {})
  const decision = decided === 'proceed_once' ? 'allow' : 'deny'
  return encodeAcpCommand(conversation, { type: 'answer', requestId: String(id), decision })
}

const Decided = z.looseObject({ outcome: z.looseObject({ optionId: z.string().optional() }) })

function heard(line: Message, conversation: AcpConversation, asked: ReadonlyMap<number, Message>): AcpStep {
  const { id, method, params, result, error } = line
  if (method !== undefined && id !== undefined) {
    return readAcpPermissionRequest(conversation, { id, method, params }) ?? createAcpStep(conversation, {})
  }
  if (method !== undefined) return translateAcpNotification(conversation, { method, params })
  const call = asked.get(id ?? -1)
  const answer: JsonRpcOutcome = error ? { type: 'error', ...error } : { type: 'result', result }
  if (call?.method === 'session/prompt') {
    return readAcpAnswer(conversation, { method: 'session/prompt', params: {} }, answer)
  }
  const isSession = call?.method === 'session/new' || call?.method === 'session/load'
  const { data } = AcpSessionAnswer.safeParse(isSession ? result : undefined)
  if (data === undefined) return createAcpStep(conversation, {})
  const { models } = readAcpModels(data, geminiProfile)
  const sessionId = data.sessionId ?? call?.params?.sessionId ?? ''
  return createAcpStep(createAcpConversation(sessionId, { ...recordedChoices, models }), {})
}

/** Shortens session events to a few words each. Drops streamed pieces of text. */
export function shortenEvents(events: readonly SessionEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'text-delta' ? [] : [wordsOf(event)]))
}

function wordsOf(event: SessionEvent): string {
  switch (event.type) {
    case 'thinking-advanced':
      return 'thinking'
    case 'message-ended':
      return `message ${event.text}`
    case 'tool-started':
      return `tool ${event.tool}`
    case 'tool-ended':
      return `tool ${event.failed ? 'failed' : 'ok'}: ${event.output}`
    case 'approval-requested':
      return `asked ${event.tool}`
    case 'approval-withdrawn':
      return 'withdrawn'
    case 'usage-reported':
      return `used ${event.usage.inputTokens}/${event.usage.outputTokens}`
    case 'retry-announced':
      return `retry ${event.attempt}/${event.maxAttempts} ${event.failure.reason}`
    case 'turn-ended':
      return event.outcome.type === 'completed' ? `completed: ${event.outcome.answer}` : event.outcome.type
    default:
      return event.type
  }
}
