import type { ManualSession } from '@subagent-mcp/testkit'

/** Makes a test's agent request permission for a shell command. */
export function askToRun({ sink }: ManualSession, command: string, requestId = 'r'): void {
  sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command } })
}
