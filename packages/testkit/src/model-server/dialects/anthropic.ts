import { z } from 'zod'
import { contentText } from './content-text.js'
import { steeredTurns, toolTurns, userTurns, type Turn } from '../conversation.js'
import { serverSentEvent, type Asked, type Dialect, type Narrator, type ReplyFacts } from './dialect.js'
import type { ContentStep, Refusal, TokenUsage } from '../step.js'
import { countTokens } from './usage.js'

/** Anthropic Messages, as claude speaks it. */
export const anthropic: Dialect = { name: 'anthropic', read, narrate, whole, refusal: errorOf }

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  content: z.unknown().optional(),
})
const Message = z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Block)]) })
const Body = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  messages: z.array(Message),
  metadata: z.looseObject({ user_id: z.string().optional() }).optional(),
  system: z.unknown().optional(),
  tools: z.unknown().optional(),
  output_config: z
    .looseObject({ format: z.looseObject({ schema: z.unknown().optional() }).nullish() })
    .optional(),
})

function read(path: string, body: unknown): Asked | undefined {
  if (path !== '/v1/messages' && path !== '/v1/messages/count_tokens') return undefined
  const { model, stream, messages, metadata, system, tools, output_config } = Body.parse(body)
  const prompt = JSON.stringify([tools, system, messages], withoutCacheMarks)
  if (path.endsWith('count_tokens'))
    return { type: 'count-tokens', answer: { input_tokens: countTokens(prompt) } }
  const conversation = messages.flatMap(turnsOf)
  const answerSchema = output_config?.format?.schema
  return { type: 'turn', model, stream, session: metadata?.user_id, conversation, prompt, answerSchema }
}

/** A JSON replacer that makes the same message equal: without moving cache marks, and its text always as one block. */
function withoutCacheMarks(key: string, value: unknown): unknown {
  if (key === 'cache_control') return undefined
  return key === 'content' && typeof value === 'string' ? [{ type: 'text', text: value }] : value
}

function turnsOf({ role, content }: z.infer<typeof Message>): Turn[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content, content: undefined }] : content
  return blocks.flatMap((block): Turn[] => {
    if (block.type === 'tool_use') return [{ type: 'tool-called' }]
    if (block.type === 'tool_result') return toolTurns(contentText(block.content))
    if (role === 'system') return steeredTurns(block.text ?? '')
    return role === 'user' ? userTurns(block.text ?? '') : []
  })
}

function narrate(facts: ReplyFacts): Narrator {
  const { content, usage } = facts
  const opening = {
    ...whole(facts),
    content: [],
    stop_reason: null,
    usage: usageOf({ ...usage, outputTokens: 1 }),
  }
  const closing = { delta: { stop_reason: stopReason(content), stop_sequence: null }, usage: usageOf(usage) }
  return {
    begin: serverSentEvent('message_start', { message: opening }),
    content(step, index) {
      const block = (type: string, data: object) =>
        serverSentEvent(`content_block_${type}`, { index, ...data })
      return {
        before: block('start', { content_block: { ...blockOf(facts.id, step, index), ...blank(step) } }),
        piece: (text) => block('delta', { delta: deltaOf(step, text) }),
        after: (step.type === 'think' ? block('delta', { delta: signature }) : '') + block('stop', {}),
      }
    },
    failure: (refusal) => serverSentEvent('error', errorOf(refusal)),
    end: serverSentEvent('message_delta', closing) + serverSentEvent('message_stop', {}),
  }
}

const signature = { type: 'signature_delta', signature: 'loopback' }

function whole({ id, model, content, usage }: ReplyFacts) {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: content.map((step, index) => blockOf(id, step, index)),
    stop_reason: stopReason(content),
    stop_sequence: null,
    usage: usageOf(usage),
  }
}

function stopReason(content: readonly ContentStep[]): string {
  return content.some((step) => step.type === 'tool') ? 'tool_use' : 'end_turn'
}

/** Counts usage as the Anthropic API does: all new input but the newest few tokens is written to the cache. */
function usageOf({ inputTokens, cachedTokens, outputTokens }: TokenUsage) {
  const uncached = inputTokens - cachedTokens
  return {
    input_tokens: Math.min(4, uncached),
    cache_creation_input_tokens: Math.max(0, uncached - 4),
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
  }
}

function blockOf(id: string, step: ContentStep, index: number) {
  if (step.type === 'say') return { type: 'text', text: step.text }
  if (step.type === 'think') return { type: 'thinking', thinking: step.text, signature: 'loopback' }
  return { type: 'tool_use', id: `toolu_${id}_${index}`, name: step.tool, input: step.input }
}

/** Returns the start of a streamed block, which is without its text. */
function blank(step: ContentStep) {
  if (step.type === 'say') return { text: '' }
  return step.type === 'think' ? { thinking: '', signature: '' } : { input: {} }
}

function deltaOf(step: ContentStep, text: string) {
  if (step.type === 'say') return { type: 'text_delta', text }
  if (step.type === 'think') return { type: 'thinking_delta', thinking: text }
  return { type: 'input_json_delta', partial_json: text }
}

function errorOf({ status, message }: Refusal) {
  const type = errorTypes.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  return { type: 'error', error: { type, message: message ?? type }, request_id: 'req_loopback' }
}

const errorTypes = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [529, 'overloaded_error'],
])
