import { defined } from '@subagent-mcp/contract'
import { messageOf, step, toolEnded, type Conversation, type Step, type Turn } from './conversation.js'
import type { ToolCall } from './wire.js'

/** News of a tool call, the first or a later one. */
export function toolNews(conversation: Conversation, turn: Turn, call: ToolCall): Step {
  const { toolCallId: id, status } = call
  if (turn.tools[id] === 'ended') return step(conversation, {})
  const started = startTool(conversation, turn, call)
  const running = started.conversation.turn
  if (running === undefined || (status !== 'completed' && status !== 'failed')) return started
  const end = toolEnded(id, { failed: status === 'failed', output: outputOf(call) })
  return step(
    started.conversation,
    { turn: { ...running, tools: { ...running.tools, [id]: 'ended' }, asksModel: true } },
    { events: [...started.events, end] },
  )
}

/** Says of a call that is new that it has begun; what the model said before it is a message. */
export function startTool(conversation: Conversation, turn: Turn, call: ToolCall): Step {
  const { toolCallId: id } = call
  if (turn.tools[id] !== undefined) return step(conversation, {})
  const tools = { ...turn.tools, [id]: 'running' as const }
  return step(
    conversation,
    { turn: { ...turn, message: '', tools, asksModel: false } },
    {
      events: [
        ...messageOf(turn),
        { type: 'tool-started', callId: id, tool: toolName(call), input: toolInput(call) },
      ],
    },
  )
}

/** Most agents say only the kind of a tool, as `execute`. */
export function toolName({ name, kind }: ToolCall): string {
  return name ?? kind ?? 'other'
}

/** What a tool is to do, in as far as the agent says it. */
export function toolInput({ title, rawInput, locations, content }: ToolCall): unknown {
  const paths = locations?.map(({ path }) => path) ?? []
  return {
    ...(title && { title }),
    ...defined({ rawInput }),
    ...(paths.length > 0 && { paths }),
    ...(content && content.length > 0 && { content }),
  }
}

function outputOf({ content }: ToolCall): string {
  const parts = content?.flatMap((part) =>
    part.type === 'diff' ? [`changed ${part.path}`] : [part.content.text ?? ''],
  )
  return parts?.join('\n') ?? ''
}
