import type { Implementation, ServerOptions } from '@modelcontextprotocol/server'
import { takesData } from './call-result.js'
import type { Tool } from './tool.js'

/** A box from which two others hang, as the picture of a server in a host's list. Its colour is visible on light and dark. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M5 1h6v5H5zM1 10h5v5H1zM10 10h5v5h-5zM8 6v2M3 10V8h10v2" fill="none" stroke="#7a6ff0" stroke-width="1.5"/></svg>'

/** Returns what the server says of itself to hosts. */
export function serverInfo(version: string): Implementation {
  return {
    name: 'subagent-mcp',
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

/** How long a host may reuse an answer of the protocol of 2026. Lists differ by caller; a change is announced, to hosts that listen. */
const fresh = { ttlMs: 60_000, cacheScope: 'private' } as const
export const answerCacheHints = {
  'tools/list': fresh,
  'prompts/list': fresh,
  'server/discover': fresh,
} as const satisfies ServerOptions['cacheHints']

/** The host to which tools are listed. */
type Reader = { client: string | undefined; followsTasks: boolean }

/** A tool in the answer to `tools/list`. */
export function listTool(tool: Tool, { client, followsTasks }: Reader): ListedTool {
  const { name, title, description, taskDescription, annotations, inputSchema, outputSchema } = tool
  return {
    name,
    title,
    description: (followsTasks ? taskDescription : undefined) ?? description,
    inputSchema: { ...inputSchema(), type: 'object' },
    ...(takesData(client) && { outputSchema: { ...outputSchema(), type: 'object' } }),
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
