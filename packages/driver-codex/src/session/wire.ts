import { z } from 'zod'

/** What is null, or not what it should be, is as if it were missing. */
const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)

/** A notification that we read: its method, and the fields of its parameters. */
function notification<M extends string, F extends z.ZodRawShape>(method: M, fields: F) {
  return z.looseObject({ method: z.literal(method), params: z.looseObject(fields) })
}

/** Why a turn failed, or why a model request is made again. */
export const TurnError = z.looseObject({
  message: z.string().catch('an error without a message'),
  additionalDetails: text,
  /** A word, or an object with the word as its only key. */
  codexErrorInfo: z
    .union([z.string(), z.record(z.string(), z.looseObject({ httpStatusCode: number }).catch({}))])
    .optional()
    .catch(undefined),
})
export type TurnError = z.infer<typeof TurnError>

const Turn = z.looseObject({
  id: z.string(),
  /** One that cannot be read must not hang its turn. */
  status: z.enum(['completed', 'interrupted', 'failed', 'inProgress']).catch('failed'),
  error: TurnError.optional().catch(undefined),
})
export type CodexTurn = z.infer<typeof Turn>

/** A message, a tool call or another piece of a turn: its type and id; the rest is read by `toolOf`. */
export const Item = z.looseObject({ type: z.string(), id: z.string() })
export type Item = z.infer<typeof Item>

/** A piece of the conversation as the model has it; what Codex put there itself says so by its kinds. */
export const RawItem = z.looseObject({
  type: z.string(),
  role: text,
  internal_chat_message_metadata_passthrough: z
    .looseObject({ content_item_kinds: z.array(z.string()) })
    .optional()
    .catch(undefined),
})
export type RawItem = z.infer<typeof RawItem>

const Tokens = z.looseObject({
  inputTokens: z.number().catch(0),
  cachedInputTokens: z.number().catch(0),
  cacheWriteInputTokens: z.number().catch(0),
  outputTokens: z.number().catch(0),
})
const TokenUsage = z.looseObject({ total: Tokens, last: Tokens })
export type TokenUsage = z.infer<typeof TokenUsage>

const Window = z
  .looseObject({ usedPercent: number, windowDurationMins: number, resetsAt: number })
  .optional()
  .catch(undefined)
const RateLimits = z.looseObject({ limitId: text, limitName: text, primary: Window, secondary: Window })
export type RateLimits = z.infer<typeof RateLimits>

/** The notifications that we read. What does not fit passes by. */
export const Notification = z.discriminatedUnion('method', [
  notification('turn/started', { turn: Turn }),
  notification('turn/completed', { turn: Turn }),
  notification('error', { error: TurnError, willRetry: z.boolean().catch(false) }),
  notification('item/started', { item: Item }),
  notification('item/completed', { item: Item }),
  notification('rawResponseItem/completed', { item: RawItem }),
  notification('item/agentMessage/delta', { delta: z.string() }),
  notification('item/reasoning/textDelta', {}),
  notification('item/reasoning/summaryTextDelta', {}),
  notification('thread/tokenUsage/updated', { turnId: z.string(), tokenUsage: TokenUsage }),
  notification('account/rateLimits/updated', { rateLimits: RateLimits }),
  notification('serverRequest/resolved', { requestId: z.union([z.string(), z.number()]) }),
  notification('warning', { message: z.string() }),
  notification('model/rerouted', { fromModel: z.string(), toModel: z.string() }),
])
export type Notification = z.infer<typeof Notification>

/** Notifications that come often and are not read: the server is asked to leave them out. */
export const unreadNotifications = [
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
  'item/plan/delta',
  'turn/diff/updated',
  'thread/readState/changed',
]

/** The thread that a notification or a request is about; one without is for all. */
export const AboutThread = z.looseObject({ threadId: text })

/** The answer to `initialize`; its user agent is `<our name>/<version of the CLI> (…)`. */
export const InitializeAnswer = z.looseObject({ userAgent: z.string().catch('') })

/** The answer to `thread/start` and `thread/resume`. */
export const ThreadAnswer = z.looseObject({ thread: z.looseObject({ id: z.string() }), model: z.string() })

/** The answer to `turn/start`. */
export const TurnAnswer = z.looseObject({ turn: z.looseObject({ id: z.string() }) })

/** The answer to `thread/unsubscribe`. */
export const LeaveAnswer = z.looseObject({ status: z.string().catch('') })

const McpServers = z.record(
  z.string(),
  z.looseObject({ tools: z.record(z.string(), z.unknown()).nullish().catch(undefined) }),
)
/** The MCP servers that are configured, by name. */
export type McpServers = z.infer<typeof McpServers>

/** The answer to `config/read`. */
export const ConfigAnswer = z.looseObject({ config: z.looseObject({ mcp_servers: McpServers.nullish() }) })

/** The answer to `account/read`. */
export const AccountAnswer = z.looseObject({
  account: z.looseObject({}).optional().catch(undefined),
  requiresOpenaiAuth: z.boolean().catch(true),
})

/** A model in the answer to `model/list`. */
const ModelEntry = z.looseObject({
  id: z.string(),
  isDefault: z.boolean().catch(false),
  supportedReasoningEfforts: z.array(z.looseObject({ reasoningEffort: z.string() })).catch([]),
})
export type ModelEntry = z.infer<typeof ModelEntry>

/** The answer to `model/list`. */
export const ModelsAnswer = z.looseObject({ data: z.array(ModelEntry) })

const choices = { itemId: z.string() }

/** The questions of the server that a yes or a no answers, and those that we answer at once. */
export const Question = z.discriminatedUnion('method', [
  z.looseObject({
    method: z.literal('item/commandExecution/requestApproval'),
    params: z.looseObject({
      ...choices,
      kind: text,
      command: text,
      cwd: text,
      reason: text,
      networkApprovalContext: z.looseObject({ host: z.string() }).nullish().catch(undefined),
    }),
  }),
  z.looseObject({
    method: z.literal('item/fileChange/requestApproval'),
    params: z.looseObject({ ...choices, reason: text, grantRoot: text }),
  }),
  z.looseObject({
    method: z.literal('item/permissions/requestApproval'),
    params: z.looseObject({ reason: text, permissions: z.record(z.string(), z.unknown()) }),
  }),
  z.looseObject({
    method: z.literal('mcpServer/elicitation/request'),
    params: z.looseObject({
      serverName: z.string(),
      /** Says that Codex itself asks, whether a tool may be called. */
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
export type Question = z.infer<typeof Question>
