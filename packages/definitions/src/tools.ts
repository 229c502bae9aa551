import type { ToolChoice } from '@subagent-mcp/contract'
import type { AgentDefinition } from './definition.js'
import type { DefinitionKeys } from './definition-keys.js'

/** The tools that a definition allows and forbids; nothing when it has them all. */
export function chooseTools({
  tools,
  disallowedTools = [],
}: Pick<DefinitionKeys, 'tools' | 'disallowedTools'>): { tools?: ToolChoice } {
  // In Claude's format and in Gemini's a star is all tools, as is a missing list.
  const only = tools?.includes('*') ? undefined : tools
  if (!only && disallowedTools.length === 0) return {}
  return { tools: { ...(only && { only }), ...(disallowedTools.length > 0 && { without: disallowedTools }) } }
}

/** A note for each tool of an MCP server that the agent would not have. */
export function absentServers({ tools, mcp, mcpServers = {} }: Servers): readonly string[] {
  const named = tools?.only?.flatMap((tool) => /^mcp__(.+?)(?:__|$)/.exec(tool)?.[1] ?? []) ?? []
  return [...new Set(named)]
    .filter((name) => mcp !== 'inherit' && !mcp.includes(name) && !Object.hasOwn(mcpServers, name))
    .map((name) => `tools has some of the MCP server ${name}, but mcpServers does not name it`)
}

type Servers = Pick<AgentDefinition, 'tools' | 'mcp' | 'mcpServers'>
