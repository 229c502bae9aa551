import { z } from 'zod'

const AuditLog = z.array(
  z.looseObject({ agentId: z.string(), event: z.string(), through: z.string().optional() }),
)

/** A test stage that runs the `subagent-mcp` command. */
type Stage = { subagentMcp(...args: readonly string[]): Promise<string> }

/**
 * Reads the audit log. Returns the event of each question and the way in which it was answered, as in `allowed
 * terminal`, oldest first. With an agent's id, only that agent's questions.
 */
export async function readAuditLog({ subagentMcp }: Stage, agent?: string): Promise<string[]> {
  const log = AuditLog.parse(JSON.parse(await subagentMcp('permissions', 'log', '--all', '--json')))
  return log
    .filter(({ agentId }) => agent === undefined || agentId === agent)
    .map(({ event, through }) => [event, ...(through === undefined ? [] : [through])].join(' '))
}
