import { z } from 'zod'

const AuditLog = z.array(
  z.looseObject({ agentId: z.string(), event: z.string(), through: z.string().optional() }),
)

/** A test stage that runs the `subagent-mcp` command. */
type Stage = { subagentMcp(...args: readonly string[]): Promise<string> }

/**
 * Reads the audit log. Returns the event of each question and the way in which it was answered, as in `allowed
 * terminal`, oldest first.
 */
export async function readAuditLog(stage: Stage): Promise<string[]> {
  return (await readEntries(stage)).map(({ text }) => text)
}

/** Reads the audit log as `readAuditLog` does. Returns the events of each agent by the agent's id. */
export async function readAuditLogs(stage: Stage): Promise<Record<string, string[]>> {
  const logs: Record<string, string[]> = {}
  for (const { agentId, text } of await readEntries(stage)) (logs[agentId] ??= []).push(text)
  return logs
}

async function readEntries({ subagentMcp }: Stage): Promise<{ agentId: string; text: string }[]> {
  const log = AuditLog.parse(JSON.parse(await subagentMcp('permissions', 'log', '--all', '--json')))
  return log.map(({ agentId, event, through }) => ({
    agentId,
    text: [event, ...(through === undefined ? [] : [through])].join(' '),
  }))
}
