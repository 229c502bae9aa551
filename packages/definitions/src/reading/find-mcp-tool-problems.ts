import type { AgentDefinition } from '../definition.js'
import type { DefinitionKeys } from './definition-keys.js'
import type { DefinitionFileProblem } from './invalid-file-error.js'
import { isMcpToolEntry, formatMcpServerPrefix, parseMcpWildcardServer } from './mcp-tool-entry.js'
import type { Frontmatter } from './parse-frontmatter.js'
import { listDefinitionTools } from './definition-tools.js'

type Servers = Pick<AgentDefinition, 'mcp' | 'mcpServers'>

/** Contradictions of `tools` and `mcpServers` in a definition: the agent's sessions have all tools of their servers. */
export function findMcpToolProblems(
  keys: DefinitionKeys,
  servers: Servers,
  { lineOf }: Frontmatter,
): readonly DefinitionFileProblem[] {
  const listed = listDefinitionTools(keys)
  if (!listed) return []
  const single = listed.flatMap((tool, index) =>
    isMcpToolEntry(tool) && parseMcpWildcardServer(tool) === undefined
      ? [singleTool(tool, lineOf(['tools', index]))]
      : [],
  )
  const named = listed.map(parseMcpWildcardServer)
  if (named.includes('*')) return single
  const key = keys.mcpServers === undefined ? 'mcp_servers' : 'mcpServers'
  const unnamed = serversOf(servers).filter(
    (server) => server === '*' || !named.includes(formatMcpServerPrefix(server)),
  )
  return [...single, ...unnamed.map((server) => unnamedServer(server, { key, line: lineOf([key]) }))]
}

function singleTool(tool: string, line: number): DefinitionFileProblem {
  return {
    line,
    message: `tools: ${tool}: a single tool of an MCP server cannot be chosen`,
    hint: 'name the whole server, as mcp__github; on claude disallowedTools can take single tools of it away',
  }
}

/** The MCP servers that an agent has. `*` stands for all servers of the user. */
function serversOf({ mcp, mcpServers = {} }: Servers): readonly string[] {
  const users = mcp === 'inherit' ? ['*'] : mcp === 'none' ? [] : mcp
  return [...users, ...Object.keys(mcpServers)]
}

function unnamedServer(server: string, { key, line }: { key: string; line: number }): DefinitionFileProblem {
  if (server === '*') {
    const message = `${key}: gives all servers with all their tools, but tools does not name them`
    return { line, message, hint: `write mcp__* into tools too, or the names of servers into ${key}` }
  }
  return {
    line,
    message: `${key}: gives all tools of ${server}, but tools does not name it`,
    hint: `write mcp__${formatMcpServerPrefix(server)} into tools too, or leave ${server} out of ${key}`,
  }
}
