import type { SessionEvent } from '@subagent-mcp/contract'

/**
 * Returns the event at a position of the stream of a working agent. Each 50 events are two signs of thinking, 44 pieces
 * of text of about five words, the whole message, a tool call with a page of output, and a usage report.
 */
export function streamEventAt(position: number, turnId: string): SessionEvent {
  const step = position % cycle
  if (step < thoughts) return { type: 'thinking-advanced' }
  if (step < thoughts + pieces) return { type: 'text-delta', text: piece(position) }
  const callId = `call-${position - step}`
  switch (step - thoughts - pieces) {
    case 0:
      return { type: 'message-ended', text: message(position - pieces) }
    case 1:
      return { type: 'tool-started', callId, tool: 'Bash', input: { command: `npm test -- ${position}` } }
    case 2:
      return { type: 'tool-ended', callId, failed: false, output: page(position) }
    default:
      return { type: 'usage-reported', turnId, usage: { inputTokens: position, outputTokens: position } }
  }
}

const thoughts = 2
const pieces = 44
const cycle = 50

/** Returns a text that differs for each position, as in a real stream: shared strings would cost no memory. */
function piece(position: number): string {
  return `the ${position}th piece of a text, `
}

function message(from: number): string {
  return Array.from({ length: pieces }, (_none, index) => piece(from + index)).join('')
}

function page(position: number): string {
  return `line ${position} of what a command printed\n`.repeat(50)
}
