import { z } from 'zod'

/** A text field of a Codex message. Null or another type counts as missing. */
const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)

function notification<M extends string, F extends z.ZodRawShape>(method: M, fields: F) {
  return z.looseObject({ method: z.literal(method), params: z.looseObject(fields) })
}

/** Codex's error for a failed turn, or for a model request that is made again. */
export const TurnError = z.looseObject({
  message: z.string().catch('an error without a message'),
  additionalDetails: text,
  /** Codex's kind of error: a word, or an object with the word as its only key. */
  codexErrorInfo: z
    .union([z.string(), z.record(z.string(), z.looseObject({ httpStatusCode: number }).catch({}))])
    .optional()
    .catch(undefined),
})
export type TurnError = z.infer<typeof TurnError>

const ReportedTurn = z.looseObject({
  id: z.string(),
  /** Codex's state of the turn. An unknown value counts as failed, so that the turn ends. */
  status: z.enum(['completed', 'interrupted', 'failed', 'inProgress']).catch('failed'),
  error: TurnError.optional().catch(undefined),
})
export type ReportedTurn = z.infer<typeof ReportedTurn>

/** A message, a tool call or another item of a Codex turn. Only its type and id are read here; `readCodexToolCall` reads the rest. */
export const ThreadItem = z.looseObject({ type: z.string(), id: z.string() })
export type ThreadItem = z.infer<typeof ThreadItem>

/** An item of the conversation as the model gets it. `content_item_kinds` marks items that Codex added itself. */
export const ConversationItem = z.looseObject({
  type: z.string(),
  role: text,
  internal_chat_message_metadata_passthrough: z
    .looseObject({ content_item_kinds: z.array(z.string()) })
    .optional()
    .catch(undefined),
})
export type ConversationItem = z.infer<typeof ConversationItem>

const Tokens = z.object({
  inputTokens: z.number().catch(0),
  cachedInputTokens: z.number().catch(0),
  cacheWriteInputTokens: z.number().catch(0),
  outputTokens: z.number().catch(0),
})
const TokenUsage = z.looseObject({ total: Tokens, last: Tokens })
export type CodexTokenUsage = z.infer<typeof TokenUsage>

const Window = z
  .looseObject({ usedPercent: number, windowDurationMins: number, resetsAt: number })
  .optional()
  .catch(undefined)
const RateLimits = z.looseObject({ limitId: text, limitName: text, primary: Window, secondary: Window })
export type RateLimits = z.infer<typeof RateLimits>

/** The Codex notifications that the driver reads; others are dropped. */
export const CodexNotification = z.discriminatedUnion('method', [
  notification('turn/started', { turn: ReportedTurn }),
  notification('turn/completed', { turn: ReportedTurn }),
  notification('error', { error: TurnError, willRetry: z.boolean().catch(false) }),
  notification('item/started', { item: ThreadItem }),
  notification('item/completed', { item: ThreadItem }),
  notification('rawResponseItem/completed', { item: ConversationItem }),
  notification('item/agentMessage/delta', { delta: z.string() }),
  notification('item/reasoning/textDelta', {}),
  notification('item/reasoning/summaryTextDelta', {}),
  notification('thread/tokenUsage/updated', { turnId: z.string(), tokenUsage: TokenUsage }),
  notification('account/rateLimits/updated', { rateLimits: RateLimits }),
  notification('serverRequest/resolved', { requestId: z.union([z.string(), z.number()]) }),
  notification('warning', { message: z.string() }),
  notification('model/rerouted', { fromModel: z.string(), toModel: z.string() }),
])
export type CodexNotification = z.infer<typeof CodexNotification>

/** Frequent notifications that the driver does not read. It asks the Codex server not to send them. */
export const ignoredCodexNotifications = [
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
  'item/plan/delta',
  'turn/diff/updated',
  'thread/readState/changed',
]

/** The thread in the parameters of a Codex notification or request; without one it is about all threads. */
export const ThreadReference = z.looseObject({ threadId: text })

/** The answer to `initialize`; its user agent is `<our name>/<version of the CLI> (…)`. */
export const CodexInitializeAnswer = z.looseObject({ userAgent: z.string().catch('') })

/** Codex's answer to `thread/start` and `thread/resume`. */
export const ThreadAnswer = z.looseObject({ thread: z.looseObject({ id: z.string() }), model: z.string() })

/** Codex's answer to `turn/start`. */
export const TurnAnswer = z.looseObject({ turn: z.looseObject({ id: z.string() }) })

/** Codex's answer to `thread/unsubscribe`. */
export const UnsubscribeAnswer = z.looseObject({ status: z.string().catch('') })

const ConfiguredMcpServers = z.record(
  z.string(),
  z.looseObject({ tools: z.record(z.string(), z.unknown()).nullish().catch(undefined) }),
)
export type ConfiguredMcpServers = z.infer<typeof ConfiguredMcpServers>

/** Codex's answer to `config/read`. */
export const ConfigAnswer = z.looseObject({
  config: z.looseObject({ mcp_servers: ConfiguredMcpServers.nullish() }),
})

/** Codex's answer to `account/read`. */
export const AccountAnswer = z.looseObject({
  account: z.looseObject({}).optional().catch(undefined),
  requiresOpenaiAuth: z.boolean().catch(true),
})

/** A model in Codex's answer to `model/list`. */
const ModelEntry = z.looseObject({
  id: z.string(),
  isDefault: z.boolean().catch(false),
  supportedReasoningEfforts: z.array(z.looseObject({ reasoningEffort: z.string() })).catch([]),
})
export type ModelEntry = z.infer<typeof ModelEntry>

/** Codex's answer to `model/list`. */
export const ModelsAnswer = z.looseObject({ data: z.array(ModelEntry) })

const itemFields = { itemId: z.string() }

/** Requests of the Codex server that the owner's approval answers, and those that the driver denies immediately. */
export const CodexApprovalRequest = z.discriminatedUnion('method', [
  z.looseObject({
    method: z.literal('item/commandExecution/requestApproval'),
    params: z.looseObject({
      ...itemFields,
      kind: text,
      command: text,
      cwd: text,
      reason: text,
      networkApprovalContext: z.looseObject({ host: z.string() }).nullish().catch(undefined),
    }),
  }),
  z.looseObject({
    method: z.literal('item/fileChange/requestApproval'),
    params: z.looseObject({ ...itemFields, reason: text, grantRoot: text }),
  }),
  z.looseObject({
    method: z.literal('item/permissions/requestApproval'),
    params: z.looseObject({ reason: text, permissions: z.record(z.string(), z.unknown()) }),
  }),
  z.looseObject({
    method: z.literal('mcpServer/elicitation/request'),
    params: z.looseObject({
      serverName: z.string(),
      /** Present when Codex asks whether an MCP tool may be called, and not when the MCP server asks something. */
      _meta: z
        .looseObject({
          codex_approval_kind: z.literal('mcp_tool_call'),
          tool_name: z.string(),
          tool_params: z.unknown().optional(),
        })
        .optional()
        .catch(undefined),
    }),
  }),
  z.looseObject({ method: z.literal('item/tool/requestUserInput'), params: z.looseObject({}) }),
])
export type CodexApprovalRequest = z.infer<typeof CodexApprovalRequest>
