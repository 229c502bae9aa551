import { z } from 'zod'
import { contentText } from './content-text.js'
import { toolTurns, userTurns, type Turn } from '../conversation.js'
import type { Asked, Dialect, Narrator, ReplyFacts } from './dialect.js'
import type { ContentStep, Refusal, TokenUsage } from '../step.js'
import { countTokens } from './usage.js'

/** Gemini generateContent, as gemini speaks it. */
export const gemini: Dialect = { name: 'gemini', read, narrate, whole, refusal: errorOf }

const Part = z.looseObject({
  text: z.string().optional(),
  functionCall: z.unknown().optional(),
  functionResponse: z.looseObject({ response: z.unknown().optional() }).optional(),
})
const Content = z.looseObject({ role: z.string().optional(), parts: z.array(Part).default([]) })
const Body = z.looseObject({
  contents: z.array(Content),
  systemInstruction: z.unknown().optional(),
  tools: z.unknown().optional(),
  generationConfig: z
    .looseObject({ responseJsonSchema: z.unknown().optional(), responseSchema: z.unknown().optional() })
    .optional(),
})

function read(path: string, body: unknown): Asked | undefined {
  const [, model, method] = /^\/v1(?:beta|alpha)?\/models\/([^:/]+):(\w+)$/.exec(path) ?? []
  if (model === undefined || !methods.has(method ?? '')) return undefined
  const { contents, systemInstruction, tools, generationConfig } = Body.parse(body)
  const prompt = JSON.stringify([tools, systemInstruction, contents])
  if (method === 'countTokens') return { type: 'count-tokens', answer: { totalTokens: countTokens(prompt) } }
  const conversation = contents.flatMap(turnsOf)
  const answerSchema = generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema
  const stream = method === 'streamGenerateContent'
  return { type: 'turn', model, stream, session: undefined, conversation, prompt, answerSchema }
}

const methods = new Set(['generateContent', 'streamGenerateContent', 'countTokens'])

function turnsOf({ role, parts }: z.infer<typeof Content>): Turn[] {
  return parts.flatMap((part): Turn[] => {
    if (part.functionCall !== undefined) return [{ type: 'tool-called' }]
    if (part.functionResponse !== undefined) return toolTurns(contentText(part.functionResponse.response))

    return role === 'model' ? [] : userTurns(part.text ?? '')
  })
}

function narrate(facts: ReplyFacts): Narrator {
  return {
    begin: '',
    content: (step, index) => ({
      before: '',
      piece: (text) => event(answer(facts, [partOf(facts.id, withText(step, text), index)])),
      after: '',
    }),
    failure: (refusal) => JSON.stringify(errorOf(refusal)), // bare, as Google's own client expects it
    end: event({ ...answer(facts, [{ text: '' }], 'STOP'), ...usageOf(facts.usage) }),
  }
}

function whole(facts: ReplyFacts) {
  const parts = facts.content.map((step, index) => partOf(facts.id, step, index))
  return { ...answer(facts, parts, 'STOP'), ...usageOf(facts.usage) }
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

function answer({ id, model }: ReplyFacts, parts: object[], finishReason?: 'STOP') {
  const candidates = [{ index: 0, content: { role: 'model', parts }, finishReason }]
  return { responseId: id, modelVersion: model, candidates }
}

/** Replaces the text of a step by a piece of it. A tool call is always sent whole. */
function withText(step: ContentStep, text: string): ContentStep {
  return step.type === 'tool' ? step : { ...step, text }
}

function partOf(id: string, step: ContentStep, index: number) {
  if (step.type === 'say') return { text: step.text }
  if (step.type === 'think') return { text: step.text, thought: true }
  return { functionCall: { id: `call_${id}_${index}`, name: step.tool, args: step.input } }
}

function usageOf({ inputTokens, cachedTokens, outputTokens }: TokenUsage) {
  const counts = { promptTokenCount: inputTokens, cachedContentTokenCount: cachedTokens }
  const totalTokenCount = inputTokens + outputTokens
  return { usageMetadata: { ...counts, candidatesTokenCount: outputTokens, totalTokenCount } }
}

function errorOf({ status: code, message, retryAfterSeconds }: Refusal) {
  const status = statusNames.get(code) ?? (code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL')
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }
  const details = retryAfterSeconds === undefined ? [] : [retry]
  return { error: { code, message: message ?? status, status, details } }
}

const statusNames = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [429, 'RESOURCE_EXHAUSTED'],
  [503, 'UNAVAILABLE'],
  [529, 'UNAVAILABLE'],
])
