import { SubagentError, type Failure } from '@subagent-mcp/contract'
import { findExecutable, type Environment } from '@subagent-mcp/driver-kit'
import { notInstalled } from './classify.js'

/** The path of `claude`: the configured one, else the first that this environment leads to. */
export function locate(
  configured: string | undefined,
  environment: Environment,
): { command: string } | { failure: Failure } {
  try {
    const command = findExecutable({ name: 'claude', configured, environment })
    return command === undefined ? { failure: notInstalled } : { command }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    const { message, hint } = error
    return { failure: { reason: 'not-installed', message, ...(hint !== undefined && { hint }) } }
  }
}
