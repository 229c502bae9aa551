import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { configFiles } from './config-files.js'

/** MCP server entries by name, as Claude Code's own files have them. */
export type McpServers = Readonly<Record<string, unknown>>

const Servers = z.record(z.string(), z.unknown()).optional()
const ProjectFile = z.looseObject({ mcpServers: Servers })
const UserFile = z.looseObject({
  mcpServers: Servers,
  projects: z.record(z.string(), ProjectFile).optional(),
})

type Place = Pick<SessionSpec, 'cwd' | 'environment'>
type Found = { servers: McpServers } | { failure: Failure }

/** The entries that a session's file has: those that were named, and its own; `undefined` when there are none. */
export async function mcpServersOf(
  spec: Place & Pick<SessionSpec, 'mcp' | 'mcpServers'>,
): Promise<{ servers: McpServers | undefined } | { failure: Failure }> {
  const named = typeof spec.mcp === 'string' ? { servers: undefined } : await namedMcpServers(spec.mcp, spec)
  if ('failure' in named || spec.mcpServers === undefined) return named
  return { servers: { ...named.servers, ...spec.mcpServers } }
}

/** The entries of the servers that are named; a name that the user does not have is a failure that lists them. */
export async function namedMcpServers(names: readonly string[], place: Place): Promise<Found> {
  const found = await userMcpServers(place)
  if ('failure' in found) return found
  const missing = names.filter((name) => !Object.hasOwn(found.servers, name))
  if (missing.length === 0) {
    return { servers: Object.fromEntries(names.map((name) => [name, found.servers[name]])) }
  }
  const known = Object.keys(found.servers).sort().join(', ')
  return {
    failure: {
      reason: 'bad-request',
      message: `no MCP server named ${missing.join(', ')}`,
      hint: known === '' ? 'this user has no MCP servers: see `claude mcp add`' : `there are: ${known}`,
    },
  }
}

/** All servers of the user's for a folder; as in Claude Code the nearest wins: local, project, user. */
async function userMcpServers({ cwd, environment }: Place): Promise<Found> {
  const root = withAncestors(cwd).find((folder) => existsSync(join(folder, '.git'))) ?? cwd
  try {
    const user = await readJson(configFiles(environment).user, UserFile)
    const projects = await Promise.all(
      withAncestors(cwd).map((folder) => readJson(join(folder, '.mcp.json'), ProjectFile)),
    )
    const nearestLast = [user, ...projects.reverse(), user?.projects?.[root]]
    return {
      servers: Object.fromEntries(nearestLast.flatMap((file) => Object.entries(file?.mcpServers ?? {}))),
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return { failure: { reason: 'bad-request', message: `cannot read the user's MCP servers: ${why}` } }
  }
}

/** A folder and those around it, the innermost first. */
function withAncestors(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...withAncestors(parent)]
}

/** `undefined` when there is no such file. */
async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  if (!existsSync(path)) return undefined
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${path} is not what Claude Code writes`, { cause })
  }
}
