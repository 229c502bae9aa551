import { defined } from '@subagent-mcp/contract'
import {
  modelTextEvents,
  acpStep,
  toolEndedEvent,
  type AcpConversation,
  type AcpStep,
  type AcpTurn,
} from './conversation.js'
import type { AcpToolCall } from './wire.js'

export function onAcpToolUpdate(conversation: AcpConversation, turn: AcpTurn, call: AcpToolCall): AcpStep {
  const { toolCallId: id, status } = call
  if (turn.tools[id] === 'ended') return acpStep(conversation, {})
  const started = onAcpToolStart(conversation, turn, call)
  const running = started.conversation.turn
  if (running === undefined || (status !== 'completed' && status !== 'failed')) return started
  const end = toolEndedEvent(id, { failed: status === 'failed', output: outputOf(call) })
  return acpStep(
    started.conversation,
    { turn: { ...running, tools: { ...running.tools, [id]: 'ended' }, asksModel: true } },
    { events: [...started.events, end] },
  )
}

/** Reports the start of a new tool call, after the text of the model before it as a message. */
export function onAcpToolStart(conversation: AcpConversation, turn: AcpTurn, call: AcpToolCall): AcpStep {
  const { toolCallId: id } = call
  if (turn.tools[id] !== undefined) return acpStep(conversation, {})
  const tools = { ...turn.tools, [id]: 'running' as const }
  return acpStep(
    conversation,
    { turn: { ...turn, message: '', tools, asksModel: false } },
    {
      events: [
        ...modelTextEvents(turn),
        { type: 'tool-started', callId: id, tool: acpToolName(call), input: acpToolInput(call) },
      ],
    },
  )
}

/** The name of a tool; most agents report only its kind, such as `execute`. */
export function acpToolName({ name, kind }: AcpToolCall): string {
  return name ?? kind ?? 'other'
}

export function acpToolInput({ title, rawInput, locations, content }: AcpToolCall): unknown {
  const paths = locations?.map(({ path }) => path) ?? []
  return {
    ...(title && { title }),
    ...defined({ rawInput }),
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
