import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { AskedTurn, Narrator, ReplyFacts } from './dialects/dialect.js'
import type { Gates } from './gates.js'
import { planReply, type Rule } from './interpret.js'
import { jsonFromSchema } from './dialects/json-from-schema.js'
import { playReply, type Ending } from './play-reply.js'
import type { PromptCache } from './prompt-cache.js'
import type { TryCounter } from './try-counter.js'
import { isContentStep, type Reply } from './step.js'
import type { TurnRequest } from './understand.js'
import { computeUsage } from './dialects/usage.js'

/** What the model server knows beside the request: its rules, gates, prompt cache and earlier tries. */
export type Memory = {
  rules: readonly Rule[]
  gates: Gates
  cachedTokens: PromptCache
  earlierTries: TryCounter
}

/** Decides the scripted model's answer, formats it for the API of the request, and sends it. */
export function answerTurn(request: TurnRequest, memory: Memory, response: ServerResponse): Promise<Ending> {
  const { dialect, asked } = request
  const rules = memory.rules.filter(({ to }) => to === undefined || to === dialect.name)
  const reply = decide(asked, { ...memory, rules })
  const facts: ReplyFacts = {
    id: randomUUID().replaceAll('-', ''),
    model: asked.model,
    content: reply.steps.filter(isContentStep),
    usage: computeUsage(reply, asked.prompt, memory.cachedTokens(asked.prompt)),
  }
  return playReply(reply.steps, {
    response,
    gates: memory.gates,
    narrator: asked.stream ? dialect.narrate(facts) : wholeNarrator(dialect.whole(facts)),
    contentType: asked.stream ? 'text/event-stream' : 'application/json',
    refusal: dialect.refusal,
  })
}

/** Decides the reply to a model request. A side question of a CLI gets its JSON, and neither plays nor uses up a script. */
function decide(asked: AskedTurn, { rules, earlierTries }: Memory): Reply {
  const { answerSchema, conversation } = asked
  if (answerSchema === undefined) return planReply(conversation, rules, earlierTries(asked))
  return { steps: [{ type: 'say', text: JSON.stringify(jsonFromSchema(answerSchema)) }], usage: {} }
}

/** Creates the parts of a reply that is not streamed: the whole body comes at the end. */
function wholeNarrator(body: unknown): Narrator {
  const silence = { before: '', piece: () => '', after: '' }
  return { begin: '', content: () => silence, failure: () => '', end: JSON.stringify(body) }
}
