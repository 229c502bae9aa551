import { parseJson, mcpServerName, SubagentError } from '@subagent-mcp/contract'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

const File = z.looseObject({ mcpServers: z.record(z.string(), z.looseObject({})) })

/**
 * Reads MCP servers from a file in the form of Claude's `.mcp.json`, or from such JSON itself. @throws SubagentError that names
 * the file
 */
export function readMcpConfig(given: string, cwd: string): Readonly<Record<string, unknown>> {
  const isJson = given.trimStart().startsWith('{')
  const path = isJson ? '--mcp-config' : resolve(cwd, given)
  const read = File.safeParse(parseJson(isJson ? given : readText(path)))
  if (!read.success) {
    const hint = 'as {"mcpServers": {"github": {"command": "npx", "args": ["…"]}}}'
    throw new SubagentError('config-invalid', `${path} names no MCP servers`, { hint })
  }
  const { mcpServers } = read.data
  if (!Object.hasOwn(mcpServers, mcpServerName)) return mcpServers
  const hint = 'leave it out: a worker has it by itself'
  throw new SubagentError('config-invalid', `${path} has a server '${mcpServerName}'`, { hint })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const hint = 'give a file as .mcp.json'
    throw new SubagentError('config-unreadable', `cannot read ${path}`, { hint, cause })
  }
}
