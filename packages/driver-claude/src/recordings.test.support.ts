import type { SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  initialClaudeConversation,
  type ClaudeConversation,
  type ClaudeStep,
} from './session/conversation.js'
import { encodeClaudeCommand } from './session/encode.js'
import { translateClaudeLine } from './session/translate.js'

const Sent = z.looseObject({
  type: z.string(),
  uuid: z.string().default(''),
  message: z.looseObject({ content: z.string() }).optional(),
  request_id: z.string().default(''),
  request: z.looseObject({ subtype: z.string(), message_uuid: z.string().optional() }).optional(),
  response: z
    .looseObject({ request_id: z.string(), response: z.looseObject({ behavior: z.string() }).optional() })
    .optional(),
})
type Sent = z.infer<typeof Sent>

const Entry = z.discriminatedUnion('from', [
  z.object({ from: z.literal('us'), line: Sent }),
  z.object({ from: z.literal('claude'), line: z.looseObject({}) }),
  z.looseObject({ from: z.literal('exit') }),
])
type Entry = z.infer<typeof Entry>

/** Plays both directions of a recorded Claude session again, with commands read off what was sent. */
export function replay(
  version: string,
  name: string,
): { events: SessionEvent[]; conversation: ClaudeConversation } {
  const events: SessionEvent[] = []
  let conversation = initialClaudeConversation
  for (const entry of recording(version, name)) {
    const createClaudeStep = stepOf(entry, conversation)
    if (createClaudeStep === undefined) continue
    conversation = createClaudeStep.conversation
    events.push(...createClaudeStep.events)
  }
  return { events, conversation }
}

/** Returns the recorded lines that `claude` wrote. */
export function recordedClaudeLines(version: string, name: string): string[] {
  const entries = recording(version, name)
  return entries.flatMap((entry) => (entry.from === 'claude' ? [JSON.stringify(entry.line)] : []))
}

/** Reads a recording. Renames the request that takes back a steering message to that message's id, as the driver does. */
function recording(version: string, name: string): Entry[] {
  const text = readFileSync(fixtureUrl(version, name), 'utf8')
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => Entry.parse(JSON.parse(line)))
  const madeUp = entries.find(
    (entry) => entry.from === 'us' && entry.line.request?.message_uuid !== undefined,
  )
  if (madeUp?.from !== 'us') return entries
  const { request_id: id, request } = madeUp.line
  return z.array(Entry).parse(JSON.parse(JSON.stringify(entries).replaceAll(id, request?.message_uuid ?? id)))
}

function stepOf(entry: Entry, conversation: ClaudeConversation): ClaudeStep | undefined {
  if (entry.from === 'claude') return translateClaudeLine(conversation, JSON.stringify(entry.line))
  if (entry.from === 'exit') return undefined
  const command = commandOf(entry.line, conversation)
  return command && encodeClaudeCommand(conversation, command, entry.line.uuid)
}

function commandOf(line: Sent, { turn }: ClaudeConversation): SessionCommand | undefined {
  if (line.type === 'user') {
    const text = line.message?.content ?? ''
    if (text === '/clear') return { type: 'reset' }
    return turn === undefined
      ? { type: 'prompt', turnId: line.uuid, text }
      : { type: 'steer', messageId: line.uuid, text }
  }
  if (line.type === 'control_response') {
    const decision = line.response?.response?.behavior === 'allow' ? 'allow' : 'deny'
    return { type: 'answer', requestId: line.response?.request_id ?? '', decision }
  }
  if (line.request?.subtype === 'interrupt') return { type: 'interrupt' }
  return undefined
}

/** Returns the URL of a recording of `claude`. */
export function fixtureUrl(version: string, name: string): URL {
  return new URL(`./__fixtures__/claude-${version}-${name}.jsonl`, import.meta.url)
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
      return `asked ${event.tool}`
    case 'approval-withdrawn':
      return 'withdrawn'
    case 'usage-reported':
      return `used ${event.usage.inputTokens}/${event.usage.cachedInputTokens}/${event.usage.outputTokens}`
    case 'retry-announced':
      return `retry ${event.attempt}/${event.maxAttempts} ${event.failure.reason}`
    case 'limits-reported':
      return event.limits.map(({ name, usedPercent }) => `limits ${name} ${usedPercent ?? '?'} %`).join()
    case 'turn-ended':
      return event.outcome.type === 'completed' ? `completed: ${event.outcome.answer}` : event.outcome.type
    default:
      return event.type
  }
}

const notWritten: readonly SessionEvent['type'][] = ['text-delta', 'usage-advanced']
