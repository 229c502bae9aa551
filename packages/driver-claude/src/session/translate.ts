import { type AccountLimit, defined, parseJson, type SessionEvent } from '@subagent-mcp/contract'
import { classifyRetry } from '../classify.js'
import { endForgetting, step, type Conversation, type Step } from './conversation.js'
import { effortTaken } from '../launch/effort.js'
import { interruption } from './encode.js'
import { limitsOf } from './limits.js'
import { refusal } from './requests.js'
import { resultOf, settle } from './result.js'
import {
  Blocks,
  ClaudeLine,
  type AssistantLine,
  type InitLine,
  type RequestLine,
  type ResponseLine,
  type UserLine,
} from './wire.js'

/** A line of the CLI's stdout as events, and as lines to answer it with. What we do not know passes by. */
export function translate(conversation: Conversation, text: string): Step {
  const line = ClaudeLine.safeParse(parseJson(text))
  return line.success ? read(conversation, line.data) : step(conversation, {})
}

function read(conversation: Conversation, line: ClaudeLine): Step {
  switch (line.type) {
    case 'system':
      return system(conversation, line)
    case 'assistant':
      return assistant(conversation, line)
    case 'user':
      return user(conversation, line)
    case 'stream_event':
      return step(conversation, {}, isOwn(line) ? [{ type: 'text-delta', text: line.event.delta.text }] : [])
    case 'result':
      return resultOf(conversation, line)
    case 'rate_limit_event':
      return limited(conversation, limitsOf(line.rate_limit_info))
    case 'control_request':
      return asked(conversation, line)
    case 'control_cancel_request':
      return withdrawn(conversation, line.request_id)
    case 'control_response':
      return answered(conversation, line.response)
  }
}

function system(conversation: Conversation, line: Extract<ClaudeLine, { type: 'system' }>): Step {
  switch (line.subtype) {
    case 'init':
      return begun(conversation, line)
    case 'api_retry': {
      const { attempt, max_retries: maxAttempts } = line
      const failure = classifyRetry(line, conversation.limitEndsAt)
      return step(conversation, {}, [{ type: 'retry-announced', attempt, maxAttempts, failure }])
    }
    case 'thinking_tokens':
      return step(conversation, {}, [{ type: 'thinking-advanced' }])
    case 'informational':
      return step(conversation, {}, [{ type: 'notice', text: line.content }])
  }
}

/** Comes when the CLI begins with a message; that of `/clear` says nothing before the reset is done. */
function begun(conversation: Conversation, line: InitLine): Step {
  const { session_id: sessionId, model } = line
  const namesMessages = conversation.namesMessages || line.user_message_uuids !== undefined
  if (conversation.forgetting !== undefined) return step(conversation, { namesMessages })
  const { turn } = conversation
  const isNew = sessionId !== conversation.sessionId
  const identified: SessionEvent = {
    type: 'session-identified',
    sessionId,
    ...defined({ model }),
  }
  const interrupts = turn?.interrupt === 'wanted'
  const begunTurn = turn && {
    ...turn,
    begun: true,
    interrupt: interrupts ? ('sent' as const) : turn.interrupt,
  }
  return step(
    conversation,
    { sessionId, namesMessages, turn: begunTurn },
    isNew ? [identified] : [],
    interrupts ? [interruption(turn.id)] : [],
  )
}

function assistant(conversation: Conversation, line: AssistantLine): Step {
  // The CLI writes what its own commands and the model API's errors say as a message of this model.
  if (line.message.model === '<synthetic>') return step(conversation, { apiError: line.error })
  const events = line.message.content.flatMap((block): SessionEvent[] => {
    if (block.type === 'tool_use') {
      return [{ type: 'tool-started', callId: block.id, tool: block.name, input: block.input }]
    }
    return block.type === 'text' && block.text !== '' && isOwn(line)
      ? [{ type: 'message-ended', text: block.text }]
      : []
  })
  return step(conversation, {}, events)
}

function user(conversation: Conversation, line: UserLine): Step {
  if (line.isReplay) {
    return step(conversation, { repeated: [...conversation.repeated, ...(line.uuid ? [line.uuid] : [])] })
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
  return step(conversation, {}, events)
}

function limited(conversation: Conversation, limits: readonly AccountLimit[]): Step {
  const limitEndsAt = limits.find(({ exhausted }) => exhausted)?.resetsAt
  return step(conversation, { limitEndsAt }, limits.length === 0 ? [] : [{ type: 'limits-reported', limits }])
}

function asked(conversation: Conversation, { request_id: requestId, request }: RequestLine): Step {
  if (request.subtype !== 'can_use_tool' || request.tool_name === undefined) {
    return step(conversation, {}, [], [refusal(requestId, request.subtype)])
  }
  const approval = { requestId, tool: request.tool_name, input: request.input }
  return step(conversation, { approvals: [...conversation.approvals, approval] }, [
    { type: 'approval-requested', ...approval },
  ])
}

function withdrawn(conversation: Conversation, requestId: string): Step {
  const approvals = conversation.approvals.filter((approval) => approval.requestId !== requestId)
  const known = approvals.length < conversation.approvals.length
  return step(conversation, { approvals }, known ? [{ type: 'approval-withdrawn', requestId }] : [])
}

type Response = ResponseLine['response']

function answered(conversation: Conversation, response: Response): Step {
  const { request_id: id, error } = response
  const { turn, forgetting } = conversation
  if (forgetting?.id === id) {
    const refusal = error ?? response.response?.error
    const rewound = response.response?.rewound === true
    return endForgetting(
      conversation,
      rewound ? { events: [] } : { refusal: refusal ?? 'it does not say why' },
    )
  }
  const owed = conversation.owed.filter((other) => other !== id || id === turn?.id)
  const text = error ?? effortNotice(conversation, response)
  const paid = step(conversation, { owed }, text === undefined ? [] : [{ type: 'notice', text }])
  if (turn === undefined || response.response?.cancelled !== true) return paid
  // A steering message that was taken back has the id of the request that did it.
  return settle(paid.conversation, { ...turn, steers: turn.steers.filter((steer) => steer !== id) })
}

/** Why an effort that was changed is not as it was asked for. */
function effortNotice(
  { effortAsked }: Conversation,
  { request_id: id, response }: Response,
): string | undefined {
  if (effortAsked?.id !== id || response?.applied === undefined) return undefined
  const taken = effortTaken(effortAsked.effort, response.applied)
  return taken.type === 'taken' ? undefined : taken.message
}

/** Whether a line is of the session itself, and not of a sub-agent inside it. */
function isOwn(line: { parent_tool_use_id?: string | null | undefined }): boolean {
  return (line.parent_tool_use_id ?? null) === null
}

/** A tool's result is a text or a list of parts, some of which are images. */
function outputText(content: unknown): string {
  if (typeof content === 'string') return content
  const blocks = Blocks.parse(content)
  return blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n')
}
