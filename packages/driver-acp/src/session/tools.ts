import { omitUndefined } from '@subagent-mcp/contract'
import {
  createModelTextEvents,
  createAcpStep,
  createToolEndedEvent,
  type AcpConversation,
  type AcpStep,
  type AcpTurn,
} from './conversation.js'
import type { AcpToolCall } from './wire.js'

export function onAcpToolUpdate(conversation: AcpConversation, turn: AcpTurn, call: AcpToolCall): AcpStep {
  const { toolCallId: id, status } = call
  if (turn.tools[id] === 'ended') return createAcpStep(conversation, {})
  const started = onAcpToolStart(conversation, turn, call)
  const running = started.conversation.turn
  if (running === undefined || (status !== 'completed' && status !== 'failed')) return started
  const end = createToolEndedEvent(id, { failed: status === 'failed', output: outputOf(call) })
  return createAcpStep(
    started.conversation,
    { turn: { ...running, tools: { ...running.tools, [id]: 'ended' }, asksModel: true } },
    { events: [...started.events, end] },
  )
}

/** Reports the start of a new tool call, after the text of the model before it as a message. */
export function onAcpToolStart(conversation: AcpConversation, turn: AcpTurn, call: AcpToolCall): AcpStep {
  const { toolCallId: id } = call
  if (turn.tools[id] !== undefined) return createAcpStep(conversation, {})
  const tools = { ...turn.tools, [id]: 'running' as const }
  return createAcpStep(
    conversation,
    { turn: { ...turn, message: '', tools, asksModel: false } },
    {
      events: [
        ...createModelTextEvents(turn),
        { type: 'tool-started', callId: id, tool: getAcpToolName(call), input: getAcpToolInput(call) },
      ],
    },
  )
}

/** The name of a tool; most agents report only its kind, such as `execute`. */
export function getAcpToolName({ name, kind }: AcpToolCall): string {
  return name ?? kind ?? 'other'
}

export function getAcpToolInput({ title, rawInput, locations, content }: AcpToolCall): unknown {
  const paths = locations?.map(({ path }) => path) ?? []
  return {
    ...(title && { title }),
    ...omitUndefined({ rawInput }),
    ...(paths.length > 0 && { paths }),
    ...(content && content.length > 0 && { content }),
  }
}

function outputOf({ content }: AcpToolCall): string {
  const parts = content?.flatMap((part) =>
    part.type === 'diff' ? [`changed ${part.path}`] : [part.content.text ?? ''],
  )
  return parts?.join('\n') ?? ''
}
