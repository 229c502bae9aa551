import type { Failure } from '@subagent-mcp/contract'

export function createMissingDriverFailure(provider: string): Failure {
  return {
    reason: 'not-installed',
    message: `no provider '${provider}' is configured`,
    hint: `describe ${provider} under acpAgents in config.jsonc, or take it out of routing.jsonc`,
  }
}
