import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'

/** What a user can set in the environment of a server. */
export type Settings = {
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
}

const Seconds = z.coerce.number().positive().max(31_536_000)

/** Reads the settings. @throws SubagentError `config-invalid` that names the variable. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return { stalledAfter: readSeconds(environment, 'SUBAGENT_MCP_STALLED_AFTER', 600) * 1000 }
}

function readSeconds(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = environment[name]
  if (text === undefined || text === '') return fallback
  const seconds = Seconds.safeParse(text)
  if (seconds.success) return seconds.data
  throw new SubagentError('config-invalid', `${name} is '${text}'`, { hint: 'give seconds, as in 600' })
}
