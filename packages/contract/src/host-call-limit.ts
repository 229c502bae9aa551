/** A host's time limit for one MCP tool call, in seconds, and where the number is from. */
type HostCallLimit = {
  /** The beginning of the name that the host gives itself in `clientInfo`. */
  client: string
  seconds: number
  source: string
}

/** The limits of hosts whose configuration states none. Progress messages extend the limit of none of them. */
const defaults = {
  claude: {
    client: 'claude-code',
    seconds: 100_000,
    source: 'claude 2.1.197: a constant of 1e8 ms for stdio',
  },
  desktop: { client: 'claude-ai', seconds: 60, source: 'github.com/anthropics/claude-code/issues/22542' },
  cowork: { client: 'local-agent-mode', seconds: 60, source: 'the same program as Claude Desktop' },
  cursor: { client: 'cursor', seconds: 300, source: 'github.com/cursor/cursor/issues/3510' },
  codex: {
    client: 'codex',
    seconds: 300,
    source: 'codex 0.169.0: "timed out awaiting tools/call after 300s"',
  },
  gemini: { client: 'gemini-cli', seconds: 600, source: 'gemini 0.61.0: MCP_DEFAULT_TIMEOUT_MSEC' },
  unknown: { client: '', seconds: 60, source: '@modelcontextprotocol/sdk: DEFAULT_REQUEST_TIMEOUT_MSEC' },
} as const satisfies Record<string, HostCallLimit>

/** The default limit of a known host, in seconds. */
export function defaultCallLimit(host: keyof typeof defaults): number {
  return defaults[host].seconds
}

/** The variable of an MCP entry in which a host's limit for calls is stated, in seconds. `setup` writes it where it writes the limit. */
export const callLimitVariable = 'SUBAGENT_MCP_CALL_LIMIT'

/**
 * The seconds after which a host gives up a tool call: stated in `SUBAGENT_MCP_CALL_LIMIT`, for Claude Code in
 * `MCP_TOOL_TIMEOUT` (milliseconds), otherwise the default of the host with this name.
 */
export function hostCallLimit(
  client: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const name = client ?? ''
  const stated = positive(environment[callLimitVariable])
  if (stated !== undefined) return stated
  const ofClaude = positive(environment['MCP_TOOL_TIMEOUT'])
  if (ofClaude !== undefined && name.startsWith(defaults.claude.client)) return ofClaude / 1000
  return (
    Object.values(defaults).find((host) => name.startsWith(host.client))?.seconds ?? defaults.unknown.seconds
  )
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text)
  return number > 0 && Number.isFinite(number) ? number : undefined
}
