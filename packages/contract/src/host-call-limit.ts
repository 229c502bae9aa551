/** A known host: its time limit for one MCP tool call, in seconds, where the number is from, and whose models it has. */
type KnownHost = {
  /** The beginning of the name that the host gives itself in `clientInfo`. */
  client: string
  seconds: number
  source: string
  vendor?: string
  /** A variable that the host sets for the commands of its model. */
  shellVariable?: string
}

/** Time limits of tool calls in hosts whose configuration states none. No host extends its limit for progress messages. */
const defaults = {
  claude: {
    client: 'claude-code',
    seconds: 100_000,
    source: 'claude 2.1.197: a constant of 1e8 ms for stdio',
    vendor: 'claude',
    shellVariable: 'CLAUDECODE',
  },
  desktop: {
    client: 'claude-ai',
    seconds: 60,
    source: 'github.com/anthropics/claude-code/issues/22542',
    vendor: 'claude',
  },
  cowork: {
    client: 'local-agent-mode',
    seconds: 60,
    source: 'the same program as Claude Desktop',
    vendor: 'claude',
  },
  cursor: { client: 'cursor', seconds: 300, source: 'github.com/cursor/cursor/issues/3510' },
  codex: {
    client: 'codex',
    seconds: 300,
    source: 'codex 0.169.0: "timed out awaiting tools/call after 300s"',
    vendor: 'codex',
    shellVariable: 'CODEX_THREAD_ID',
  },
  gemini: {
    client: 'gemini-cli',
    seconds: 600,
    source: 'gemini 0.61.0: MCP_DEFAULT_TIMEOUT_MSEC',
    vendor: 'gemini',
    shellVariable: 'GEMINI_CLI',
  },
  unknown: { client: '', seconds: 60, source: '@modelcontextprotocol/sdk: DEFAULT_REQUEST_TIMEOUT_MSEC' },
} as const satisfies Record<string, KnownHost>

/** The default limit of a known host, in seconds. */
export function getDefaultCallTimeLimit(host: keyof typeof defaults): number {
  return defaults[host].seconds
}

/** The variable of an MCP entry in which a host's limit for calls is stated, in seconds. `setup` writes it where it writes the limit. */
export const callTimeLimitVariable = 'SUBAGENT_MCP_CALL_LIMIT'

/**
 * The seconds after which a host gives up a tool call: stated in `SUBAGENT_MCP_CALL_LIMIT`, for Claude Code in
 * `MCP_TOOL_TIMEOUT` (milliseconds), otherwise the default of the host with this name.
 */
export function readHostCallTimeLimit(
  client: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const name = client ?? ''
  const stated = positive(environment[callTimeLimitVariable])
  if (stated !== undefined) return stated
  const ofClaude = positive(environment['MCP_TOOL_TIMEOUT'])
  if (ofClaude !== undefined && name.startsWith(defaults.claude.client)) return ofClaude / 1000
  return knownHost(name).seconds
}

/** The provider whose models a host runs on, by the name that the host gives itself; `undefined` if that is not known. */
export function findModelProviderOfHost(client: string | undefined): string | undefined {
  return knownHost(client ?? '').vendor
}

/**
 * The provider whose model runs the command that has this environment, by the variables that hosts set for commands;
 * `undefined` for a person's shell. If several hosts run inside each other, the one that is usually the inner one counts.
 */
export function findModelProviderOfCommand(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { codex, gemini, claude } = defaults
  return [codex, gemini, claude].find(({ shellVariable }) => environment[shellVariable])?.vendor
}

function knownHost(name: string): KnownHost {
  return Object.values<KnownHost>(defaults).find(({ client }) => name.startsWith(client)) ?? defaults.unknown
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text)
  return number > 0 && Number.isFinite(number) ? number : undefined
}
