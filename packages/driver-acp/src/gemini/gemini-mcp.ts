import type { Failure } from '@subagent-mcp/contract'
import { join } from 'node:path'
import { geminiFolder, readGeminiSettings } from './gemini-files.js'
import type { LimitSpec } from '../profile.js'

/**
 * The arguments that leave out extensions and all MCP servers but those that are chosen and the session's own, the
 * names that are let in by them, and the names of all that are there.
 */
export function geminiMcpArguments({
  mcp,
  cwd,
  environment,
  mcpServers = {},
  permissions,
}: LimitSpec): McpArguments | { failure: Failure } {
  const own = geminiFolder(environment)
  // Below `full-auto` a project's servers cannot be chosen, also by their names.
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
  if (missing.length > 0) return unknown(missing, known)
  const names = [...chosen, ...sessions]
  const allowed = names.length === 0 ? [nobody] : names
  return {
    args: ['--extensions=none', ...allowed.map((name) => `--allowed-mcp-server-names=${name}`)],
    names,
    there: names,
  }
}

type McpArguments = { args: readonly string[]; names: readonly string[]; there: readonly string[] }

/** The name that is let in where no server is: an empty list would let all of them in. */
export const nobody = '.none'

function serversIn(folder: string): readonly string[] {
  return Object.keys(readGeminiSettings(folder).mcpServers ?? {})
}

function unknown(missing: readonly string[], known: readonly string[]) {
  const hint =
    known.length === 0 ? 'there are none: see `gemini mcp add`' : `there are: ${[...known].sort().join(', ')}`
  return {
    failure: { reason: 'bad-request', message: `no MCP server named ${missing.join(', ')}`, hint },
  } as const
}
