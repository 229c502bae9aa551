import type { CallToolResult } from '@modelcontextprotocol/server'
import type { SubagentError } from '@subagent-mcp/contract'
import { summarizeAgent } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import type { McpPort } from './ports/mcp-port.js'
import type { ToolAnswer } from './tool.js'

/** The `_meta` key under which a tool answer carries its agents as data, for hosts that are programs. */
export const agentsMetaKey = 'subagent-mcp/agents'

/** Makes the MCP result of a tool call from the tool's answer, with secrets masked. */
export function succeeded(answer: ToolAnswer, { supervisor, stalledAfter }: McpPort): CallToolResult {
  const { text, agents, failed: isError } = answer
  const time = { now: supervisor.clock.now(), stalledAfter }
  const summaries = agents.map((agent) => summarizeAgent(agent, time))
  const content = [{ type: 'text' as const, text: maskSecrets(text) }]
  return { content, ...(isError && { isError }), _meta: { [agentsMetaKey]: summaries } }
}

/** Makes the MCP result of a tool call that was refused. */
export function failed({ code, message, hint }: SubagentError): CallToolResult {
  const text = `${code}: ${message}${hint === undefined ? '' : `\nhint: ${hint}`}`
  return { content: [{ type: 'text', text: maskSecrets(text) }], isError: true }
}
