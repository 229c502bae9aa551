import type { ManualSession } from '@subagent-mcp/testkit'

/** Has an agent ask for a command. */
export function askToRun({ sink }: ManualSession, command: string, requestId = 'r'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}
