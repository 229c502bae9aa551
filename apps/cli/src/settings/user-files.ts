import { SubagentError } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'
import { defaultConfig, readConfig, type Config } from './config.js'
import { readRouting } from './routing-files.js'
import { readSettings } from './settings.js'

/** The configuration and settings of the user, as a daemon reads them at its start. */
export type UserFiles = {
  config: Config
  /** Milliseconds of silence after which a running agent shows as stalled: a setting of the environment's. */
  stalledAfter: number
  routingOf: Supervisor['routingOf']
  /** @throws SubagentError for what is wrong with them */
  check(): void
  /** What is wrong with the configuration or a setting, and what to do: defaults hold in its place. */
  problem?: string
}

/**
 * What a server reads from the user's files. A configuration or a setting that cannot be used does not keep it from
 * serving, or the host would be without tools and without a word: each launch tells what is wrong with it.
 */
export function readUserFiles(environment: NodeJS.ProcessEnv): UserFiles {
  const read = tryConfig(environment)
  const { stalledAfter, problem } = readSettings(environment)
  const wrong = read.type === 'wrong' ? read.error : problem
  const error = wrong && untilRestart(wrong)
  const check = (): void => {
    if (error) throw error
  }
  return {
    config: read.type === 'read' ? read.config : defaultConfig(),
    stalledAfter,
    check,
    routingOf: (project) => {
      check()
      return readRouting(project, environment)
    },
    ...(error && { problem: `${error.message} (${error.hint ?? ''})` }),
  }
}

function tryConfig(
  environment: NodeJS.ProcessEnv,
): { type: 'read'; config: Config } | { type: 'wrong'; error: SubagentError } {
  try {
    return { type: 'read', config: readConfig(environment) }
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'wrong', error }
    throw error
  }
}

/** What it says is used from the start: a file that is mended is not read again. */
function untilRestart({ code, message, hint }: SubagentError): SubagentError {
  const restart = 'then: subagent-mcp daemon restart'
  return new SubagentError(code, message, { hint: `${hint ?? 'mend it'}; ${restart}` })
}
