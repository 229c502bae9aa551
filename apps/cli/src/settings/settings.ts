import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'

/** What a user can set in the environment of a server. */
export type Settings = {
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  /** What is wrong, with which the default holds. */
  problem?: SubagentError
}

const Seconds = z.coerce.number().positive().max(31_536_000)

const defaultSeconds = 600

/** Reads the settings. What is wrong is no reason to leave a host without tools: it comes back as `config-invalid`. */
export function readSettings({ SUBAGENT_MCP_STALLED_AFTER: text }: NodeJS.ProcessEnv): Settings {
  const seconds = Seconds.safeParse(text || defaultSeconds)
  if (seconds.success) return { stalledAfter: seconds.data * 1000 }
  const message = `SUBAGENT_MCP_STALLED_AFTER is '${text ?? ''}'`
  const problem = new SubagentError('config-invalid', message, { hint: 'give seconds, as in 600' })
  return { stalledAfter: defaultSeconds * 1000, problem }
}
