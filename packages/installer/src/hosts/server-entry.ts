import { callTimeLimitVariable } from '@subagent-mcp/contract'
import type { JsonValue } from '../edit/value.js'
import type { HostCallLimit, HostSetup } from './host.js'

/** Marks the command lines of plugins: after `serve` with the host, after `hook` alone. */
export const pluginFlag = '--plugin'

/**
 * The time limit of calls, in seconds, in hosts with a lower default. `wait` blocks for 15 minutes by default, and progress
 * messages extend the limit in no host.
 */
const longestCall = 3600

/**
 * The keys of an entry that raise the time limit of calls as far as the host allows, and tell our server the limit, with the
 * entry's other variables.
 */
export function createCallTimeLimitKeys(
  { key, perSecond, longest = longestCall }: HostCallLimit,
  { variables = {}, variablesKey = 'env' }: EntryVariables = {},
): Record<string, JsonValue> {
  const seconds = Math.min(longest, longestCall)
  return {
    [variablesKey]: { ...variables, [callTimeLimitVariable]: String(seconds) },
    [key]: seconds * perSecond,
  }
}

type EntryVariables = { variables?: Record<string, string>; variablesKey?: string }

export function createServerEntry({ server, plugin }: HostSetup): { command: string; args: string[] } {
  const ending = plugin === undefined ? [] : [pluginFlag, plugin]
  return { command: server.command, args: [...server.args, 'serve', ...ending] }
}
