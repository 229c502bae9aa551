import type { SessionTools } from '@subagent-mcp/contract'
import type { AgentDefinition } from '../definition.js'
import type { DefinitionKeys } from './definition-keys.js'
import { isMcpToolEntry, formatMcpServerPrefix, parseMcpWildcardServer } from './mcp-tool-entry.js'

type Written = Pick<DefinitionKeys, 'tools' | 'disallowedTools'>

/** The allowed and forbidden tools of a definition, without MCP tools; empty where it has all. */
export function chooseDefinitionTools(written: Written): { tools?: SessionTools } {
  const only = listDefinitionTools(written)?.filter((tool) => !isMcpToolEntry(tool))
  const { disallowedTools = [] } = written
  if (!only && disallowedTools.length === 0) return {}
  return { tools: { ...(only && { only }), ...(disallowedTools.length > 0 && { without: disallowedTools }) } }
}

/** The entries of `tools` in a definition; `undefined` for all tools, which `*` or a missing list means. */
export function listDefinitionTools({ tools }: Written): readonly string[] | undefined {
  return tools?.includes('*') ? undefined : tools
}

/** A note for each MCP server that a definition names in `tools` and the agent would not have. */
export function createAbsentMcpServerNotes(
  written: Written,
  { mcp, mcpServers = {} }: Servers,
): readonly string[] {
  if (mcp === 'inherit') return []
  const there = [...(mcp === 'none' ? [] : mcp), ...Object.keys(mcpServers)].map(formatMcpServerPrefix)
  const named = new Set(listDefinitionTools(written)?.flatMap((tool) => parseMcpWildcardServer(tool) ?? []))
  return [...named]
    .filter((name) => name !== '*' && !there.includes(name))
    .map((name) => `tools names the MCP server ${name}, but mcpServers does not`)
}

type Servers = Pick<AgentDefinition, 'mcp' | 'mcpServers'>
