import { z } from 'zod'

const text = z.string().optional().catch(undefined)
const count = z.number().optional().catch(undefined)

/** The ACP agent's answer to `initialize`. */
export const AcpInitializeAnswer = z.looseObject({
  protocolVersion: z.number(),
  agentInfo: z.looseObject({ version: text }).nullish().catch(undefined),
  agentCapabilities: z
    .looseObject({
      loadSession: z.boolean().catch(false),
      sessionCapabilities: z.looseObject({ close: z.unknown().optional() }).nullish().catch(undefined),
      promptCapabilities: z
        .looseObject({ image: z.boolean().catch(false) })
        .optional()
        .catch(undefined),
      mcpCapabilities: z
        .object({ http: z.boolean().default(false), sse: z.boolean().default(false) })
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
})

const Choice = z.looseObject({ value: z.string(), name: text })
/** The values of an ACP config option, as a flat list or a list of groups. */
const Choices = z
  .array(
    z.union([
      Choice.transform((choice) => [choice]),
      z.looseObject({ options: z.array(Choice) }).transform(({ options }) => options),
    ]),
  )
  .transform((groups) => groups.flat())
  .catch([])

/** A config option. Newer agents list their models in one; older agents and Gemini have `models`. */
const ConfigOption = z
  .looseObject({ id: z.string(), category: text, currentValue: text, options: Choices })
  .catch({ id: '', category: undefined, currentValue: undefined, options: [] })

/** The answer to `session/new` and `session/load`, with the modes and models. That of a loaded session has no id. */
export const AcpSessionAnswer = z.looseObject({
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
export type AcpSessionAnswer = z.infer<typeof AcpSessionAnswer>

/** The answer to `session/prompt`. `usage` is in a draft of the protocol; Gemini has it in `_meta`. */
export const AcpPromptAnswer = z.looseObject({
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
export type AcpPromptAnswer = z.infer<typeof AcpPromptAnswer>

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

const AcpToolCall = z.looseObject(ToolFields)
export type AcpToolCall = z.infer<typeof AcpToolCall>

const Chunk = { content: z.looseObject({ text: text }).catch({}) }

/** The updates of an ACP session that the driver reads; others are dropped. */
export const AcpSessionUpdate = z.discriminatedUnion('sessionUpdate', [
  z.looseObject({ sessionUpdate: z.literal('agent_message_chunk'), ...Chunk }),
  z.looseObject({ sessionUpdate: z.literal('agent_thought_chunk'), ...Chunk }),
  z.looseObject({ sessionUpdate: z.literal('tool_call'), ...ToolFields }),
  z.looseObject({ sessionUpdate: z.literal('tool_call_update'), ...ToolFields }),
  z.looseObject({
    sessionUpdate: z.literal('usage_update'),
    cost: z.looseObject({ amount: z.number(), currency: z.string() }).nullish().catch(undefined),
  }),
])
export type AcpSessionUpdate = z.infer<typeof AcpSessionUpdate>

export const AcpSessionReference = z.looseObject({ sessionId: z.string() })

/** The parameters of `session/update`. */
export const AcpUpdateParams = z.looseObject({ update: AcpSessionUpdate })

/** The parameters of `session/request_permission`. */
export const AcpPermissionParams = z.looseObject({
  toolCall: AcpToolCall,
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string() })).catch([]),
})
export type PermissionOption = z.infer<typeof AcpPermissionParams>['options'][number]
