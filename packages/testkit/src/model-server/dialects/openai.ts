import { z } from 'zod'
import { contentText } from './content-text.js'
import { toolTurns, userTurns, type Turn } from '../conversation.js'
import { serverSentEvent, type Asked, type Dialect, type Narrator, type ReplyFacts } from './dialect.js'
import type { ContentStep, Refusal, TokenUsage } from '../step.js'

/** OpenAI Responses, as codex speaks it. */
export const openai: Dialect = { name: 'openai', read, narrate, whole, refusal: errorOf }

const Item = z.looseObject({
  type: z.string().default('message'),
  role: z.string().optional(),
  content: z.unknown().optional(),
  output: z.unknown().optional(),
})
const Format = z.looseObject({ name: z.string().optional(), schema: z.unknown().optional() })
const Body = z.looseObject({
  model: z.string(),
  stream: z.boolean().default(false),
  input: z.union([z.string(), z.array(Item)]),
  prompt_cache_key: z.string().optional(),
  instructions: z.unknown().optional(),
  tools: z.unknown().optional(),
  text: z.looseObject({ format: Format.nullish() }).nullish(),
})

function read(path: string, body: unknown): Asked | undefined {
  if (path !== '/v1/responses') return undefined
  const { model, stream, prompt_cache_key: session, input, instructions, tools, text } = Body.parse(body)
  const conversation = typeof input === 'string' ? userTurns(input) : input.flatMap(turnsOf)
  const prompt = JSON.stringify([tools, instructions, input], withoutIds)
  // A turn for which the user of codex gave a schema is scripted like any other turn.
  const isTurn = text?.format?.name === 'codex_output_schema'
  const answerSchema = isTurn ? undefined : text?.format?.schema
  return { type: 'turn', model, stream, session, conversation, prompt, answerSchema }
}

/** A JSON replacer that drops the names which Codex gives the items of its input, because the model does not read them. */
function withoutIds(key: string, value: unknown): unknown {
  return key === 'id' && typeof value === 'string' ? undefined : value
}

function turnsOf(item: z.infer<typeof Item>): Turn[] {
  if (item.type.endsWith('_call_output')) return toolTurns(contentText(item.output))
  if (item.type.endsWith('_call')) return [{ type: 'tool-called' }]
  if (item.type !== 'message' || item.role !== 'user') return []
  return [item.content].flat().flatMap((part) => userTurns(contentText(part)))
}

function narrate(facts: ReplyFacts): Narrator {
  const response = { id: `resp_${facts.id}`, object: 'response', model: facts.model, status: 'in_progress' }
  return {
    begin: serverSentEvent('response.created', { response }),
    content(step, index) {
      const item = itemOf(facts.id, step, index)
      const place = { item_id: item.id, output_index: index, ...textPlace(step) }
      return {
        before: serverSentEvent('response.output_item.added', {
          output_index: index,
          item: { ...item, ...blank(step) },
        }),
        piece: (delta) => serverSentEvent(`response.${deltaName(step)}.delta`, { ...place, delta }),
        after: serverSentEvent('response.output_item.done', { output_index: index, item }),
      }
    },
    failure: (refusal) =>
      serverSentEvent('response.failed', {
        response: { ...response, status: 'failed', ...errorOf(refusal) },
      }),
    end: serverSentEvent('response.completed', { response: whole(facts) }),
  }
}

function whole({ id, model, content, usage }: ReplyFacts) {
  const output = content.map((step, index) => itemOf(id, step, index))
  return { id: `resp_${id}`, object: 'response', model, status: 'completed', output, usage: usageOf(usage) }
}

function itemOf(id: string, step: ContentStep, index: number) {
  if (step.type === 'say') {
    const content = [{ type: 'output_text', text: step.text, annotations: [] }]
    return { type: 'message', id: `msg_${id}_${index}`, role: 'assistant', status: 'completed', content }
  }
  if (step.type === 'think') {
    return {
      type: 'reasoning',
      id: `rs_${id}_${index}`,
      summary: [{ type: 'summary_text', text: step.text }],
    }
  }
  const call = {
    id: `fc_${id}_${index}`,
    call_id: `call_${id}_${index}`,
    status: 'completed',
    ...toolName(step.tool),
  }
  if (typeof step.input === 'string') return { type: 'custom_tool_call', ...call, input: step.input }
  return { type: 'function_call', ...call, arguments: JSON.stringify(step.input) }
}

/** `collaboration.spawn_agent`: a tool of a namespace. */
function toolName(tool: string) {
  const dot = tool.lastIndexOf('.')
  return dot === -1 ? { name: tool } : { namespace: tool.slice(0, dot), name: tool.slice(dot + 1) }
}

/** Returns the start of a streamed item, which is without its text. */
function blank(step: ContentStep) {
  if (step.type === 'say') return { status: 'in_progress', content: [] }
  if (step.type === 'think') return { summary: [] }
  return typeof step.input === 'string' ? { input: '' } : { arguments: '' }
}

function deltaName(step: ContentStep): string {
  if (step.type === 'say') return 'output_text'
  if (step.type === 'think') return 'reasoning_summary_text'
  return typeof step.input === 'string' ? 'custom_tool_call_input' : 'function_call_arguments'
}

function textPlace(step: ContentStep) {
  if (step.type === 'say') return { content_index: 0 }
  return step.type === 'think' ? { summary_index: 0 } : {}
}

function usageOf({ inputTokens, cachedTokens, outputTokens }: TokenUsage) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
}

/** A message such as `context_length_exceeded` is the error's code, which codex looks at. */
function errorOf({ status, message }: Refusal) {
  const usual = errorCodes.get(status) ?? (status < 500 ? 'invalid_request_error' : 'server_error')
  const code = /^[a-z]+(_[a-z]+)+$/.test(message ?? '') ? message : usual
  return { error: { message: message ?? code, type: code, param: null, code } }
}

const errorCodes = new Map([
  [401, 'invalid_api_key'],
  [429, 'rate_limit_exceeded'],
  [529, 'server_is_overloaded'],
])
