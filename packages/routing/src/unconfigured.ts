import type { Failure } from '@subagent-mcp/contract'

/** Why a candidate of a provider that nobody speaks to cannot be tried. */
export function unconfigured(provider: string): Failure {
  return {
    reason: 'not-installed',
    message: `no provider '${provider}' is configured`,
    hint: `describe ${provider} under acpAgents in config.jsonc, or take it out of routing.jsonc`,
  }
}
