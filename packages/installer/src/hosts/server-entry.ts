import type { CallLimit, Wiring } from './host.js'

/** The name of our MCP server in hosts. An entry with this name is ours. */
export const serverName = 'subagent-mcp'

/**
 * The time limit of calls, in seconds, in hosts with a lower default. `wait` blocks for 15 minutes by default, and progress
 * messages extend the limit in no host.
 */
const longestCall = 3600

/** The key of an entry that raises the time limit of calls as far as the host allows. */
export function callLimitEntry({ key, perSecond, longest = longestCall }: CallLimit): Record<string, number> {
  return { [key]: Math.min(longest, longestCall) * perSecond }
}

export function serverEntry({ server }: Wiring): { command: string; args: string[] } {
  return { command: server.command, args: [...server.args, 'serve'] }
}
