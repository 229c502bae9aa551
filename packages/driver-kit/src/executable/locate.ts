import { defined, type Failure, SubagentError } from '@subagent-mcp/contract'
import { findExecutable } from './find-executable.js'
import type { Environment } from '../environment/environment.js'

/** The path of a CLI, the configured one or the first that this environment leads to, or why there is none. */
export function locate(options: {
  name: string
  configured?: string | undefined
  environment: Environment
  notInstalled: Failure
}): { command: string } | { failure: Failure } {
  try {
    const command = findExecutable(options)
    return command === undefined ? { failure: options.notInstalled } : { command }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    const { message, hint } = error
    return { failure: { reason: 'not-installed', message, ...defined({ hint }) } }
  }
}
