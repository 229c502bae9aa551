import type { CallToolResult } from '@modelcontextprotocol/server'
import type { SubagentError } from '@subagent-mcp/contract'
import { summarizeAgent } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { McpPort } from './ports/mcp-port.js'
import type { McpToolAnswer } from './mcp-tool.js'

/** The `_meta` key under which a tool answer carries its agents as data, for hosts that are programs. */
export const agentsMetaKey = 'subagent-mcp/agents'

/**
 * The beginnings of the names of hosts that show their model the structured content of a result as JSON, and not its text: observed
 * in claude 2.1.329 and codex 0.169.0, for Cursor github.com/modelcontextprotocol/modelcontextprotocol/issues/1411. Results for these
 * hosts have only the text, because models and people read it better.
 */
const readsDataForText: readonly string[] = ['claude-code', 'codex', 'cursor']

/** Whether results for a host with this name have structured content, and its list of tools has output schemas. */
export function acceptsStructuredContent(client = ''): boolean {
  return !readsDataForText.some((beginning) => client.startsWith(beginning))
}

type ResultStyle = Pick<McpPort, 'supervisor' | 'stalledAfter'> & { client: string | undefined }

/** Makes the MCP result of a tool call from the tool's answer, with secrets masked. */
export function toCallToolResult(
  answer: McpToolAnswer,
  { supervisor, stalledAfter, client }: ResultStyle,
): CallToolResult {
  const { text, data, agents, failed: isError } = answer
  const content = [{ type: 'text' as const, text: maskSecrets(text) }]
  // Gemini shows its model all parts of an error result, so it gets only the text.
  if (isError) return { content, isError }
  const time = { now: supervisor.clock.now(), stalledAfter }
  const summaries = agents.map((agent) => summarizeAgent(agent, time))
  return {
    content,
    ...(acceptsStructuredContent(client) && { structuredContent: maskedData(data()) }),
    _meta: { [agentsMetaKey]: summaries },
  }
}

/** Returns a copy of an answer's data with the secrets in its texts masked. */
function maskedData(data: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, masked(value)]))
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value)
  if (Array.isArray(value)) return value.map(masked)
  return typeof value === 'object' && value !== null ? maskedData(value) : value
}

/** Makes the MCP result of a tool call that was refused. */
export function toCallToolErrorResult({ code, message, hint }: SubagentError): CallToolResult {
  const text = `${code}: ${message}${hint === undefined ? '' : `\nhint: ${hint}`}`
  return { content: [{ type: 'text', text: maskSecrets(text) }], isError: true }
}
