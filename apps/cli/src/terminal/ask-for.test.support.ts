import type { HandSession } from '@subagent-mcp/testkit'

/** Has an agent ask for a command. */
export function askFor({ sink }: HandSession, command: string, requestId = 'r'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}
