import { SubagentError } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'
import { z } from 'zod'
import { createDefaultConfig, readUserConfig, type UserConfig } from './config.js'
import { readRoutingFiles } from './routing-files.js'

/** The user's configuration and environment settings, as a daemon reads them at its start. */
export type UserSettings = {
  config: UserConfig
  /** The time without output after which a running agent counts as stalled, in milliseconds. */
  stalledAfter: number
  routingOf: Supervisor['routingOf']
  /** @throws SubagentError for the first mistake in the user's configuration, if there is one */
  check(): void
  /** The first mistake in the user's configuration and its hint; undefined for none. The runtime then uses defaults. */
  problem?: string
}

/**
 * Reads the user's configuration and settings. A mistake is not thrown, because a host whose server does not start has neither tools
 * nor an explanation. Instead each launch fails with the mistake.
 */
export function readUserSettings(environment: NodeJS.ProcessEnv): UserSettings {
  const read = tryConfig(environment)
  const { stalledAfter, problem } = readEnvironmentSettings(environment)
  const wrong = read.type === 'wrong' ? read.error : problem
  const error = wrong && untilRestart(wrong)
  const check = (): void => {
    if (error) throw error
  }
  return {
    config: read.type === 'read' ? read.config : createDefaultConfig(),
    stalledAfter,
    check,
    routingOf: (project) => {
      check()
      return readRoutingFiles(project, environment)
    },
    ...(error && { problem: `${error.message} (${error.hint ?? ''})` }),
  }
}

function tryConfig(
  environment: NodeJS.ProcessEnv,
): { type: 'read'; config: UserConfig } | { type: 'wrong'; error: SubagentError } {
  try {
    return { type: 'read', config: readUserConfig(environment) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'wrong', error }
    throw error
  }
}

/** Adds a restart of the daemon to the hint, because a running daemon does not read its configuration again. */
function untilRestart({ code, message, hint }: SubagentError): SubagentError {
  const restart = 'then: subagent-mcp daemon restart'
  return new SubagentError(code, message, { hint: `${hint ?? 'correct the setting'}; ${restart}` })
}

const Seconds = z.coerce.number().positive().max(31_536_000)

const defaultSeconds = 600

/** Reads settings from environment variables. A mistake is returned, not thrown, so that the host still gets its tools. */
export function readEnvironmentSettings({ SUBAGENT_MCP_STALLED_AFTER: text }: NodeJS.ProcessEnv): {
  stalledAfter: number
  problem?: SubagentError
} {
  const seconds = Seconds.safeParse(text || defaultSeconds)
  if (seconds.success) return { stalledAfter: seconds.data * 1000 }
  const message = `SUBAGENT_MCP_STALLED_AFTER is '${text ?? ''}'`
  const problem = new SubagentError('config-invalid', message, { hint: 'set a number of seconds, as in 600' })
  return { stalledAfter: defaultSeconds * 1000, problem }
}
