import { z } from 'zod'

const text = z.string().optional().catch(undefined)
const texts = z.array(z.string()).optional().catch(undefined)
const count = z.number().catch(0)
const number = z.number().optional().catch(undefined)
/** On the lines of a sub-agent: the id of the tool call that runs it. */
const parent = z.string().nullish().catch(undefined)

const Block = z
  .discriminatedUnion('type', [
    z.looseObject({ type: z.literal('text'), text: z.string() }),
    z.looseObject({
      type: z.literal('tool_use'),
      id: z.string(),
      name: z.string(),
      input: z.unknown().optional(),
    }),
    z.looseObject({
      type: z.literal('tool_result'),
      tool_use_id: z.string(),
      is_error: z.boolean().catch(false),
      content: z.unknown().optional(),
    }),
    z.looseObject({ type: z.literal('unread') }),
  ])
  .catch({ type: 'unread' })

export const ContentBlocks = z.array(Block).catch([])

const InitLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('init'),
  session_id: z.string(),
  model: text,
  user_message_uuids: texts,
})
export type InitLine = z.infer<typeof InitLine>

/** Claude's report that it tries a failed model request again. */
export const RetryLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('api_retry'),
  attempt: count,
  max_retries: count,
  error_status: z.number().nullish().catch(undefined),
  error: text,
})
export type RetryLine = z.infer<typeof RetryLine>

const ThinkingLine = z.looseObject({ type: z.literal('system'), subtype: z.literal('thinking_tokens') })

const InformationLine = z.looseObject({
  type: z.literal('system'),
  subtype: z.literal('informational'),
  content: z.string(),
})

/** The usage of a model request. The output is what was written when Claude wrote the line. */
const RequestUsage = z.looseObject({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: count,
})
export type ModelRequestUsage = z.infer<typeof RequestUsage>

const AssistantLine = z.looseObject({
  type: z.literal('assistant'),
  /** Claude writes one line for each block of a message, all with the `id` and the usage of the message. */
  message: z.looseObject({
    id: text,
    model: text,
    content: ContentBlocks,
    usage: RequestUsage.optional().catch(undefined),
  }),
  parent_tool_use_id: parent,
  /** On a message that Claude wrote itself: the kind of error of the model API. */
  error: text,
})
export type AssistantLine = z.infer<typeof AssistantLine>

const UserLine = z.looseObject({
  type: z.literal('user'),
  message: z.looseObject({ content: ContentBlocks }),
  uuid: text,
  isReplay: z.boolean().catch(false),
})
export type UserLine = z.infer<typeof UserLine>

const StreamLine = z.looseObject({
  type: z.literal('stream_event'),
  event: z.looseObject({
    type: z.literal('content_block_delta'),
    delta: z.looseObject({ type: z.literal('text_delta'), text: z.string() }),
  }),
  parent_tool_use_id: parent,
})

const ModelUsage = z.looseObject({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count,
  cacheCreationInputTokens: count,
  costUSD: count,
})
export type ModelUsage = z.infer<typeof ModelUsage>

/** Claude's line that ends a turn. A field that cannot be read is left out, because without this line the turn would not end. */
export const ResultLine = z.looseObject({
  type: z.literal('result'),
  subtype: text,
  is_error: z.boolean().catch(true),
  result: text,
  structured_output: z.unknown().optional(),
  errors: texts,
  num_turns: number,
  terminal_reason: text,
  api_error_status: z.number().nullish().catch(undefined),
  api_error: text,
  session_id: text,
  user_message_uuid: text,
  user_message_uuids: texts,
  /** US dollars, cumulative as `modelUsage` is. */
  total_cost_usd: count,
  /** Tokens and cost by model: sums over the process, since Claude Code 2.1.329 over the session, also after a resume. */
  modelUsage: z.record(z.string(), ModelUsage).catch({}),
  /** The usage of this result alone; missing in 2.1.197. */
  model_usage_since_last_result: z.record(z.string(), ModelUsage).optional().catch(undefined),
})
export type ResultLine = z.infer<typeof ResultLine>

const RateLimitWindow = z.looseObject({
  status: text,
  /** The used fraction of the limit's time window; above 1 when more was used. */
  utilization: number,
  /** Unix seconds. */
  resetsAt: number,
})
export type RateLimitWindow = z.infer<typeof RateLimitWindow>

const RateLimitInfo = RateLimitWindow.extend({
  rateLimitType: text,
  isUsingOverage: z.boolean().catch(false),
  unifiedWindows: z.record(z.string(), RateLimitWindow).catch({}),
})
export type RateLimitInfo = z.infer<typeof RateLimitInfo>

const LimitLine = z.looseObject({ type: z.literal('rate_limit_event'), rate_limit_info: RateLimitInfo })

export const ControlRequestLine = z.looseObject({
  type: z.literal('control_request'),
  request_id: z.string(),
  request: z
    .looseObject({ subtype: z.string().catch('unreadable'), tool_name: text, input: z.unknown().optional() })
    .catch({ subtype: 'unreadable' }),
})
export type ControlRequestLine = z.infer<typeof ControlRequestLine>

const CancelLine = z.looseObject({ type: z.literal('control_cancel_request'), request_id: z.string() })

/** An entry of Claude's model list: a name for `--model`, and the model that it stands for. */
const ListedModel = z.looseObject({
  value: z.string(),
  resolvedModel: text,
  displayName: text,
  supportedEffortLevels: texts,
})
export type ListedModel = z.infer<typeof ListedModel>

/** The settings that Claude sends to the model API; `effort` is null for a model without efforts. */
const AppliedSettings = z.looseObject({
  model: text,
  effort: z.string().nullish().catch(undefined),
  ultracode: z.boolean().catch(false),
})
export type AppliedSettings = z.infer<typeof AppliedSettings>

export const ControlResponseLine = z.looseObject({
  type: z.literal('control_response'),
  response: z.looseObject({
    subtype: z.string(),
    request_id: z.string(),
    error: text,
    response: z
      .looseObject({
        cancelled: z.boolean().catch(false),
        rewound: z.boolean().catch(false),
        error: text,
        models: z.array(ListedModel).optional().catch(undefined),
        applied: AppliedSettings.optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  }),
})
export type ControlResponseLine = z.infer<typeof ControlResponseLine>

/** The lines of Claude's stdout that the driver reads; others are dropped. */
export const ClaudeLine = z.discriminatedUnion('type', [
  z.discriminatedUnion('subtype', [InitLine, RetryLine, ThinkingLine, InformationLine]),
  AssistantLine,
  UserLine,
  StreamLine,
  ResultLine,
  LimitLine,
  ControlRequestLine,
  CancelLine,
  ControlResponseLine,
])
export type ClaudeLine = z.infer<typeof ClaudeLine>
