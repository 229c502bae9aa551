import type { CallLimit, Wiring } from './host.js'

/** The name under which hosts know our MCP server, and by which an entry is ours. */
export const serverName = 'subagent-mcp'

/**
 * How long a call may take, in seconds, where a host would end it sooner: `wait` blocks for 15 minutes when nothing is
 * said, and progress makes no host wait longer.
 */
const longestCall = 3600

/** The part of an entry that has a host wait, as long as it can. */
export function longCalls({ key, perSecond, longest = longestCall }: CallLimit): Record<string, number> {
  return { [key]: Math.min(longest, longestCall) * perSecond }
}

/** What all hosts are told in their own words: how the server is started. */
export function serverEntry({ server }: Wiring): { command: string; args: string[] } {
  return { command: server.command, args: [...server.args, 'serve'] }
}
