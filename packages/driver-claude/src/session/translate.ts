import { type AccountLimit, omitUndefined, parseJson, type SessionEvent } from '@subagent-mcp/contract'
import { classifyClaudeRetry } from '../classify.js'
import {
  finishClaudeReset,
  createClaudeStep,
  type ClaudeConversation,
  type ClaudeStep,
} from './conversation.js'
import { answerToolName } from '../launch/output-schema.js'
import { compareAppliedEffort } from '../launch/effort.js'
import { createInterruptRequestLine } from './encode.js'
import { countClaudeModelRequest } from './result-usage.js'
import { createAllowToolCallLine, createRefuseRequestLine } from './requests.js'
import { endClaudeTurnWhenAnswered, applyClaudeResult } from './result.js'
import {
  ContentBlocks,
  ClaudeLine,
  type AssistantLine,
  type InitLine,
  type RateLimitInfo,
  type RateLimitWindow,
  type ControlRequestLine,
  type ControlResponseLine,
  type UserLine,
} from './wire.js'

/** Turns a line of Claude's stdout into events and answers. Drops lines that are not known. */
export function translateClaudeLine(conversation: ClaudeConversation, text: string): ClaudeStep {
  const line = ClaudeLine.safeParse(parseJson(text))
  return line.success ? read(conversation, line.data) : createClaudeStep(conversation, {})
}

function read(conversation: ClaudeConversation, line: ClaudeLine): ClaudeStep {
  switch (line.type) {
    case 'system':
      return system(conversation, line)
    case 'assistant':
      return assistant(conversation, line)
    case 'user':
      return user(conversation, line)
    case 'stream_event':
      return createClaudeStep(
        conversation,
        {},
        isOwn(line) ? [{ type: 'text-delta', text: line.event.delta.text }] : [],
      )
    case 'result':
      return applyClaudeResult(conversation, line)
    case 'rate_limit_event':
      return limited(conversation, readClaudeAccountLimits(line.rate_limit_info))
    case 'control_request':
      return asked(conversation, line)
    case 'control_cancel_request':
      return withdrawn(conversation, line.request_id)
    case 'control_response':
      return answered(conversation, line.response)
  }
}

function system(conversation: ClaudeConversation, line: Extract<ClaudeLine, { type: 'system' }>): ClaudeStep {
  switch (line.subtype) {
    case 'init':
      return begun(conversation, line)
    case 'api_retry': {
      const { attempt, max_retries: maxAttempts } = line
      const failure = classifyClaudeRetry(line, conversation.limitEndsAt)
      return createClaudeStep(conversation, {}, [{ type: 'retry-announced', attempt, maxAttempts, failure }])
    }
    case 'thinking_tokens':
      return createClaudeStep(conversation, {}, [{ type: 'thinking-advanced' }])
    case 'informational':
      return createClaudeStep(conversation, {}, [{ type: 'notice', text: line.content }])
  }
}

/** Reports the session id when Claude begins with a message, except for `/clear`, which begins before the reset is done. */
function begun(conversation: ClaudeConversation, line: InitLine): ClaudeStep {
  const { session_id: sessionId, model } = line
  const namesMessages = conversation.namesMessages || line.user_message_uuids !== undefined
  if (conversation.forgetting !== undefined) return createClaudeStep(conversation, { namesMessages })
  const { turn } = conversation
  const isNew = sessionId !== conversation.sessionId
  const identified: SessionEvent = {
    type: 'session-identified',
    sessionId,
    ...omitUndefined({ model }),
  }
  const interrupts = turn?.interrupt === 'wanted'
  const begunTurn = turn && {
    ...turn,
    begun: true,
    interrupt: interrupts ? ('sent' as const) : turn.interrupt,
  }
  return createClaudeStep(
    conversation,
    { sessionId, namesMessages, turn: begunTurn },
    isNew ? [identified] : [],
    interrupts ? [createInterruptRequestLine(turn.id)] : [],
  )
}

function assistant(conversation: ClaudeConversation, line: AssistantLine): ClaudeStep {
  // Claude writes the output of its own commands and errors of the model API as messages of this model.
  if (line.message.model === '<synthetic>') return createClaudeStep(conversation, { apiError: line.error })
  const events = line.message.content.flatMap((block): SessionEvent[] => {
    if (block.type === 'tool_use') {
      return [{ type: 'tool-started', callId: block.id, tool: block.name, input: block.input }]
    }
    return block.type === 'text' && block.text !== '' && isOwn(line)
      ? [{ type: 'message-ended', text: block.text }]
      : []
  })
  if (conversation.turn === undefined) return createClaudeStep(conversation, {}, events)
  const counted = countClaudeModelRequest(conversation.turn, line)
  return createClaudeStep(conversation, { turn: counted.turn }, [...events, ...counted.events])
}

function user(conversation: ClaudeConversation, line: UserLine): ClaudeStep {
  if (line.isReplay) {
    return createClaudeStep(conversation, {
      repeated: [...conversation.repeated, ...(line.uuid ? [line.uuid] : [])],
    })
  }
  const events = line.message.content.flatMap((block): SessionEvent[] =>
    block.type === 'tool_result'
      ? [
          {
            type: 'tool-ended',
            callId: block.tool_use_id,
            failed: block.is_error,
            output: outputText(block.content),
          },
        ]
      : [],
  )
  return createClaudeStep(conversation, {}, events)
}

function limited(conversation: ClaudeConversation, limits: readonly AccountLimit[]): ClaudeStep {
  const limitEndsAt = limits.find(({ exhausted }) => exhausted)?.resetsAt
  return createClaudeStep(
    conversation,
    { limitEndsAt },
    limits.length === 0 ? [] : [{ type: 'limits-reported', limits }],
  )
}

function asked(
  conversation: ClaudeConversation,
  { request_id: requestId, request }: ControlRequestLine,
): ClaudeStep {
  if (request.subtype !== 'can_use_tool' || request.tool_name === undefined) {
    const refusal = createRefuseRequestLine(requestId, `${request.subtype} is not supported here`)
    return createClaudeStep(conversation, {}, [], [refusal])
  }
  // The answer itself, by the schema of the session: the tool does nothing else.
  if (request.tool_name === answerToolName)
    return createClaudeStep(conversation, {}, [], [createAllowToolCallLine(requestId, request.input)])
  const approval = { requestId, tool: request.tool_name, input: request.input }
  return createClaudeStep(conversation, { approvals: [...conversation.approvals, approval] }, [
    { type: 'approval-requested', ...approval },
  ])
}

function withdrawn(conversation: ClaudeConversation, requestId: string): ClaudeStep {
  const approvals = conversation.approvals.filter((approval) => approval.requestId !== requestId)
  const known = approvals.length < conversation.approvals.length
  return createClaudeStep(
    conversation,
    { approvals },
    known ? [{ type: 'approval-withdrawn', requestId }] : [],
  )
}

type Response = ControlResponseLine['response']

function answered(conversation: ClaudeConversation, response: Response): ClaudeStep {
  const { request_id: id, error } = response
  const { turn, forgetting } = conversation
  if (forgetting?.id === id) {
    const refusal = error ?? response.response?.error
    const rewound = response.response?.rewound === true
    return finishClaudeReset(
      conversation,
      rewound ? { events: [] } : { refusal: refusal ?? 'it does not say why' },
    )
  }
  const owed = conversation.owed.filter((other) => other !== id || id === turn?.id)
  const text = error ?? effortNotice(conversation, response)
  const paid = createClaudeStep(conversation, { owed }, text === undefined ? [] : [{ type: 'notice', text }])
  if (turn === undefined || response.response?.cancelled !== true) return paid
  // The request that cancels a steering message has the id of that message.
  return endClaudeTurnWhenAnswered(paid.conversation, {
    ...turn,
    steers: turn.steers.filter((steer) => steer !== id),
  })
}

/** The notice for a changed effort that Claude did not apply as asked. */
function effortNotice(
  { effortAsked }: ClaudeConversation,
  { request_id: id, response }: Response,
): string | undefined {
  if (effortAsked?.id !== id || response?.applied === undefined) return undefined
  const taken = compareAppliedEffort(effortAsked.effort, response.applied)
  return taken.type === 'taken' ? undefined : taken.message
}

/** Whether a line from Claude belongs to the session itself, and not to a sub-agent inside it. */
function isOwn(line: { parent_tool_use_id?: string | null | undefined }): boolean {
  return (line.parent_tool_use_id ?? null) === null
}

/** The text of a tool result. Other parts, such as images, are dropped. */
function outputText(content: unknown): string {
  if (typeof content === 'string') return content
  const blocks = ContentBlocks.parse(content)
  return blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}

/** The account limits in a line: the nearest one, and the windows of the account where the line has them. */
export function readClaudeAccountLimits(info: RateLimitInfo): readonly AccountLimit[] {
  const nearest = info.rateLimitType === undefined ? {} : { [info.rateLimitType]: info }
  const all = Object.entries({ ...info.unifiedWindows, ...nearest })
  return all.map(([name, window]) => limit(name, window, info.isUsingOverage))
}

function limit(
  name: string,
  { status, utilization, resetsAt }: RateLimitWindow,
  paysOverage: boolean,
): AccountLimit {
  return {
    name,
    // In tenths of a percent, without the noise of floats.
    ...(utilization !== undefined && { usedPercent: Math.round(utilization * 1000) / 10 }),
    ...(resetsAt !== undefined && { resetsAt: resetsAt * 1000 }),
    // An account that pays for overage is not stopped by a limit.
    exhausted: status === 'rejected' && !paysOverage,
  }
}
