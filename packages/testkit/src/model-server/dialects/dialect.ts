import type { Conversation } from '../conversation.js'
import type { ContentStep, Refusal, TokenUsage } from '../step.js'

/** One model API: reads its requests, and formats replies for it. All functions are pure. */
export type Dialect = {
  name: 'anthropic' | 'openai' | 'gemini'
  /** Reads a request body; undefined when the path is not of this API. Throws a ZodError when the body does not fit. */
  read(path: string, body: unknown): Asked | undefined
  /** Formats a reply as a stream of events. */
  narrate(facts: ReplyFacts): Narrator
  /** Formats a reply as one JSON body. */
  whole(facts: ReplyFacts): unknown
  /** Formats the body of an HTTP error. */
  refusal(refusal: Refusal): unknown
}

/** What a model request asks for: a count of its tokens, or a turn of the model. */
export type Asked = { type: 'count-tokens'; answer: unknown } | AskedTurn

/** A request to the model API for a turn of the model. */
export type AskedTurn = {
  type: 'turn'
  model: string
  stream: boolean
  /** An id of the CLI's session, where the request names it. */
  session: string | undefined
  conversation: Conversation
  /** The text that a prompt cache compares: tools, instructions, then messages. */
  prompt: string
  /** The JSON schema that the answer must fit. Set for a CLI's side request, for which no script is played. */
  answerSchema: unknown
}

/** The data of a reply that are known before its first byte. */
export type ReplyFacts = { id: string; model: string; content: readonly ContentStep[]; usage: TokenUsage }

/** The texts that make up a streamed reply, in the order in which they are written. */
export type Narrator = {
  begin: string
  content(step: ContentStep, index: number): { before: string; piece(text: string): string; after: string }
  /** Returns the text that replaces the rest when a reply that has begun fails. */
  failure(refusal: Refusal): string
  end: string
}

/** Formats a server-sent event, with its type in both places as Anthropic and OpenAI do. */
export function serverSentEvent(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}
