import { z } from 'zod'

const text = z.string().optional().catch(undefined)
const count = z.number().optional().catch(undefined)

/** What an agent says of itself. */
export const InitializeAnswer = z.looseObject({
  protocolVersion: z.number(),
  agentInfo: z.looseObject({ version: text }).nullish().catch(undefined),
  agentCapabilities: z
    .looseObject({
      loadSession: z.boolean().catch(false),
      sessionCapabilities: z.looseObject({ close: z.unknown().optional() }).nullish().catch(undefined),
      mcpCapabilities: z
        .object({ http: z.boolean().default(false), sse: z.boolean().default(false) })
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
})

const Choice = z.looseObject({ value: z.string(), name: text })
/** A flat list, or one in groups. */
const Choices = z
  .array(
    z.union([
      Choice.transform((choice) => [choice]),
      z.looseObject({ options: z.array(Choice) }).transform(({ options }) => options),
    ]),
  )
  .transform((groups) => groups.flat())
  .catch([])

/** Where newer agents list their models; older ones and Gemini have `models`. */
const ConfigOption = z
  .looseObject({ id: z.string(), category: text, currentValue: text, options: Choices })
  .catch({ id: '', category: undefined, currentValue: undefined, options: [] })

/** A session that was made or loaded, with what can be chosen in it. A loaded one does not repeat its id. */
export const SessionAnswer = z.looseObject({
  sessionId: text,
  modes: z
    .looseObject({
      currentModeId: text,
      availableModes: z.array(z.looseObject({ id: z.string() })).catch([]),
    })
    .nullish()
    .catch(undefined),
  models: z
    .looseObject({
      currentModelId: text,
      availableModels: z.array(z.looseObject({ modelId: z.string(), name: text })).catch([]),
    })
    .nullish()
    .catch(undefined),
  configOptions: z.array(ConfigOption).nullish().catch(undefined),
})
export type SessionAnswer = z.infer<typeof SessionAnswer>

/** The end of a turn. What it used is said in a draft field, or where Gemini says it. */
export const PromptAnswer = z.looseObject({
  stopReason: z.string().catch('unknown'),
  usage: z
    .looseObject({ inputTokens: count, outputTokens: count, cachedReadTokens: count.nullable() })
    .nullish()
    .catch(undefined),
  _meta: z
    .looseObject({
      quota: z.looseObject({ token_count: z.looseObject({ input_tokens: count, output_tokens: count }) }),
    })
    .nullish()
    .catch(undefined),
})
export type PromptAnswer = z.infer<typeof PromptAnswer>

const Content = z
  .union([
    z.looseObject({ type: z.literal('content'), content: z.looseObject({ text: text }) }),
    z.looseObject({ type: z.literal('diff'), path: z.string() }),
  ])
  .catch({ type: 'content', content: {} })

const ToolFields = {
  toolCallId: z.string(),
  title: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  kind: z.string().nullish().catch(undefined),
  status: z.string().nullish().catch(undefined),
  content: z.array(Content).nullish().catch(undefined),
  locations: z
    .array(z.looseObject({ path: z.string() }))
    .nullish()
    .catch(undefined),
  rawInput: z.unknown().optional(),
}

const ToolCall = z.looseObject(ToolFields)
export type ToolCall = z.infer<typeof ToolCall>

const Chunk = { content: z.looseObject({ text: text }).catch({}) }

/** The news of a session that we read. What does not fit passes by. */
export const Update = z.discriminatedUnion('sessionUpdate', [
  z.looseObject({ sessionUpdate: z.literal('agent_message_chunk'), ...Chunk }),
  z.looseObject({ sessionUpdate: z.literal('agent_thought_chunk'), ...Chunk }),
  z.looseObject({ sessionUpdate: z.literal('tool_call'), ...ToolFields }),
  z.looseObject({ sessionUpdate: z.literal('tool_call_update'), ...ToolFields }),
  z.looseObject({
    sessionUpdate: z.literal('usage_update'),
    cost: z.looseObject({ amount: z.number(), currency: z.string() }).nullish().catch(undefined),
  }),
])
export type Update = z.infer<typeof Update>

/** Whatever is about one session. */
export const AboutSession = z.looseObject({ sessionId: z.string() })

/** The params of `session/update`. */
export const UpdateParams = z.looseObject({ update: Update })

/** The params of `session/request_permission`. */
export const PermissionParams = z.looseObject({
  toolCall: ToolCall,
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string() })).catch([]),
})
export type PermissionOption = z.infer<typeof PermissionParams>['options'][number]
