import type { Failure } from '@subagent-mcp/contract'
import { createUnknownServersFailure } from '@subagent-mcp/driver-kit'
import { join } from 'node:path'
import { getGeminiFolder, readGeminiSettings } from './gemini-files.js'
import type { ToolLimitSpec } from '../profile.js'

/**
 * The arguments that switch off extensions and all MCP servers except the chosen ones and the session's own; the names
 * that they allow, and the names of all servers that the process will have.
 */
export function buildGeminiMcpArguments({
  mcp,
  cwd,
  environment,
  mcpServers = {},
  permissions,
}: ToolLimitSpec): McpArguments | { failure: Failure } {
  const own = getGeminiFolder(environment)
  // Below `full-auto` servers of the project cannot be chosen, not even by name.
  const places = permissions === 'full-auto' ? new Set([own, join(cwd, '.gemini')]) : [own]
  const sessions = Object.keys(mcpServers)
  let known: readonly string[]
  try {
    known = mcp === 'none' || mcp.length === 0 ? [] : [...places].flatMap(serversIn)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return { failure: { reason: 'bad-request', message } }
  }
  if (mcp === 'inherit') return { args: [], names: [], there: [...known, ...sessions] }
  const chosen = mcp === 'none' ? [] : mcp
  const missing = chosen.filter((name) => !known.includes(name))
  if (missing.length > 0) return { failure: createUnknownServersFailure(missing, known, 'gemini mcp add') }
  const names = [...chosen, ...sessions]
  const allowed = names.length === 0 ? [absentMcpServerName] : names
  return {
    args: ['--extensions=none', ...allowed.map((name) => `--allowed-mcp-server-names=${name}`)],
    names,
    there: names,
  }
}

type McpArguments = { args: readonly string[]; names: readonly string[]; there: readonly string[] }

/** A server name that does not exist. It stands for no servers, because an empty list would allow all of them. */
export const absentMcpServerName = '.none'

function serversIn(folder: string): readonly string[] {
  return Object.keys(readGeminiSettings(folder).mcpServers ?? {})
}
