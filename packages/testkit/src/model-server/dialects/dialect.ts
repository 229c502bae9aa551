import type { Conversation } from '../conversation.js'
import type { ContentStep, Refusal, TokenUsage } from '../step.js'

/** One model API: what its requests mean, and how a reply looks in it. All pure. */
export type Dialect = {
  name: 'anthropic' | 'openai' | 'gemini'
  /** Undefined when the path is not this dialect's; throws a ZodError when the body does not fit. */
  read(path: string, body: unknown): Asked | undefined
  /** The reply as a stream of events. */
  narrate(facts: ReplyFacts): Narrator
  /** The reply as one JSON body. */
  whole(facts: ReplyFacts): unknown
  /** The body of an HTTP error. */
  refusal(refusal: Refusal): unknown
}

/** The kind of a request: a count of its tokens, or a turn of the model. */
export type Asked = { type: 'count-tokens'; answer: unknown } | AskedTurn

/** A request for a turn of the model. */
export type AskedTurn = {
  type: 'turn'
  model: string
  stream: boolean
  /** Tells sessions apart, where the CLI says which one is asking. */
  session: string | undefined
  conversation: Conversation
  /** The text that a prompt cache compares: tools, instructions, then messages. */
  prompt: string
  /** The JSON schema that the answer must fit: then it is a CLI's side request and no script is played. */
  answerSchema: unknown
}

/** The data of a reply that are known before its first byte. */
export type ReplyFacts = { id: string; model: string; content: readonly ContentStep[]; usage: TokenUsage }

/** The texts that make up a streamed reply, in the order in which they are written. */
export type Narrator = {
  begin: string
  content(step: ContentStep, index: number): { before: string; piece(text: string): string; after: string }
  /** In place of the rest, when a reply that has begun fails. */
  failure(refusal: Refusal): string
  end: string
}

/** A server-sent event, its type said twice as both Anthropic and OpenAI do. */
export function serverSentEvent(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
