import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { configFiles } from '../config-files.js'
import { withAncestors } from '../project/project-folders.js'

/** MCP server entries by name, as Claude Code's own files have them. */
export type McpServers = Readonly<Record<string, unknown>>

const Servers = z.record(z.string(), z.unknown()).optional()
const ProjectEntry = z.looseObject({
  mcpServers: Servers,
  disabledMcpServers: z.array(z.string()).optional(),
})
const UserFile = z.looseObject({
  mcpServers: Servers,
  projects: z.record(z.string(), ProjectEntry).optional(),
})

type Place = Pick<SessionSpec, 'cwd' | 'environment'>
type Found = { servers: McpServers } | { failure: Failure }

/** The entries that a session's file has: those that were named, and its own; `undefined` when there are none. */
export async function mcpServersOf(
  spec: Place & Pick<SessionSpec, 'mcp' | 'mcpServers'>,
): Promise<{ servers: McpServers | undefined } | { failure: Failure }> {
  const named = await chosenMcpServers(spec)
  if ('failure' in named || spec.mcpServers === undefined) return named
  return { servers: { ...named.servers, ...spec.mcpServers } }
}

/**
 * Servers that are inherited are found by the CLI itself, but for those that the user has for this project alone: it leaves
 * them out together with the project's settings.
 */
async function chosenMcpServers(
  spec: Place & Pick<SessionSpec, 'mcp'>,
): Promise<{ servers: McpServers | undefined } | { failure: Failure }> {
  if (typeof spec.mcp !== 'string') return await namedMcpServers(spec.mcp, spec)
  if (spec.mcp === 'none') return { servers: undefined }
  const found = await userMcpServers(spec)
  if ('failure' in found) return found
  const { local } = found
  return { servers: Object.keys(local).length === 0 ? undefined : local }
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
  const hint = known === '' ? 'this user has no MCP servers: see `claude mcp add`' : `there are: ${known}`
  return {
    failure: {
      reason: 'bad-request',
      message: `no MCP server named ${missing.join(', ')}`,
      hint: hasProjectFile(place) ? `${hint}; ${notFromProject}` : hint,
    },
  }
}

const notFromProject =
  "the project's .mcp.json starts nothing here: add a server of it with `claude mcp add`, which puts it into your own file"

function hasProjectFile({ cwd }: Place): boolean {
  return withAncestors(cwd).some((folder) => existsSync(join(folder, '.mcp.json')))
}

/**
 * All servers of the user's for a folder: those for that project alone win over those for all. A project's `.mcp.json` is
 * not read, because whoever wrote it would choose what runs under a name that the user trusts.
 */
async function userMcpServers({
  cwd,
  environment,
}: Place): Promise<{ servers: McpServers; local: McpServers } | { failure: Failure }> {
  const root = withAncestors(cwd).find((folder) => existsSync(join(folder, '.git'))) ?? cwd
  try {
    const user = await readJson(configFiles(environment).user, UserFile)
    const { mcpServers = {}, disabledMcpServers = [] } = user?.projects?.[root] ?? {}
    const enabled = Object.entries(mcpServers).filter(([name]) => !disabledMcpServers.includes(name))
    return { servers: { ...user?.mcpServers, ...mcpServers }, local: Object.fromEntries(enabled) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return { failure: { reason: 'bad-request', message: `cannot read the user's MCP servers: ${why}` } }
  }
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
