import type { McpChoice } from '@subagent-mcp/contract'
import type { DefinitionKeys } from './definition-keys.js'

type Written = NonNullable<DefinitionKeys['mcpServers']>
type Servers = { mcp: McpChoice; mcpServers?: Readonly<Record<string, unknown>> }

/** Which of the user's MCP servers an agent gets, and its own: `mcpServers` has them by name, in a list or both. */
export function chooseServers(written: Written): Servers {
  if (written === 'inherit') return { mcp: 'inherit' }
  const items = Array.isArray(written) ? written : [written]
  const names = items.filter((item) => typeof item === 'string')
  const own = items.flatMap((item) => (typeof item === 'string' ? [] : Object.entries(item)))
  return {
    mcp: names.length > 0 ? names : 'none',
    ...(own.length > 0 && { mcpServers: Object.fromEntries(own) }),
  }
}
