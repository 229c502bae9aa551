import { locate, type Environment } from '@subagent-mcp/driver-kit'
import { notInstalled } from './classify.js'

/** The path of `claude`: the configured one, else the first that this environment leads to. */
export function locateClaude(
  configured: string | undefined,
  environment: Environment,
): ReturnType<typeof locate> {
  return locate({ name: 'claude', configured, environment, notInstalled })
}
