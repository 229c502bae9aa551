import { mcpServerName } from '@subagent-mcp/contract'
import type { Implementation, ServerOptions } from '@modelcontextprotocol/server'
import { acceptsStructuredContent } from './call-result.js'
import type { McpTool } from './mcp-tool.js'

/** The icon of the server in a host's list: a box from which two others hang. Its colour is visible on light and dark backgrounds. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M5 1h6v5H5zM1 10h5v5H1zM10 10h5v5h-5zM8 6v2M3 10V8h10v2" fill="none" stroke="#7a6ff0" stroke-width="1.5"/></svg>'

/** Returns the server's name, version and icon for hosts. */
export function createMcpServerInfo(version: string): Implementation {
  return {
    name: mcpServerName,
    title: 'Sub-agents',
    version,
    websiteUrl: 'https://github.com/subagent-mcp/subagent-mcp',
    icons: [
      {
        src: `data:image/svg+xml;base64,${Buffer.from(icon).toString('base64')}`,
        mimeType: 'image/svg+xml',
        sizes: ['any'],
      },
    ],
  }
}

/**
 * The cache hints of the protocol of 2026: how long a host may reuse an answer. Lists differ by caller, so caches must be private.
 * Hosts that subscribe are notified of changes.
 */
const fresh = { ttlMs: 60_000, cacheScope: 'private' } as const
export const mcpCacheHints = {
  'tools/list': fresh,
  'prompts/list': fresh,
  'server/discover': fresh,
} as const satisfies ServerOptions['cacheHints']

type Reader = { client: string | undefined; followsTasks: boolean }

export function createToolListEntry(tool: McpTool, { client, followsTasks }: Reader): ListedTool {
  const { name, title, description, taskDescription, annotations, inputSchema, outputSchema } = tool
  return {
    name,
    title,
    description: (followsTasks ? taskDescription : undefined) ?? description,
    inputSchema: { ...inputSchema(), type: 'object' },
    ...(acceptsStructuredContent(client) && { outputSchema: { ...outputSchema(), type: 'object' } }),
    annotations,
  }
}

type ListedTool = {
  name: string
  title: string
  description: string
  inputSchema: { type: 'object' }
  outputSchema?: { type: 'object' }
  annotations: object
}
