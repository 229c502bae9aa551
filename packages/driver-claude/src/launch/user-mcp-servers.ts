import type { Failure, LocalMcpServer, SessionSpec } from '@subagent-mcp/contract'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { getClaudeConfigPaths } from '../config-paths.js'
import {
  listFolderAndParents,
  listFoldersToGitRoot,
  createUnknownServersFailure,
} from '@subagent-mcp/driver-kit'

export type McpServerEntries = Readonly<Record<string, unknown>>

const Servers = z.record(z.string(), z.unknown()).optional()
const ProjectEntry = z.looseObject({
  mcpServers: Servers,
  disabledMcpServers: z.array(z.string()).optional(),
})
const UserFile = z.looseObject({
  mcpServers: Servers,
  projects: z.record(z.string(), ProjectEntry).optional(),
})

type UserSpec = Pick<SessionSpec, 'cwd' | 'source' | 'environment'>
type Found = { servers: McpServerEntries } | { failure: Failure }

/** The MCP servers for the configuration file of a session: the named ones, and its own; undefined when there are none. */
export async function findSessionMcpServers(
  spec: UserSpec & Pick<SessionSpec, 'mcp' | 'mcpServers'>,
): Promise<{ servers: McpServerEntries | undefined } | { failure: Failure }> {
  const named = await chosenMcpServers(spec)
  if ('failure' in named || spec.mcpServers === undefined) return named
  return { servers: { ...named.servers, ...spec.mcpServers } }
}

/**
 * Separates the servers in this process from those that Claude starts. In Claude's configuration file the former have the type of servers
 * in an SDK, whose messages Claude sends over its stdout. It offers all of their tools from the start.
 */
export function separateLocalMcpServers(
  servers: McpServerEntries | undefined,
  find: SessionSpec['findLocalMcpServer'] = () => undefined,
): { local: ReadonlyMap<string, LocalMcpServer>; entries: McpServerEntries | undefined } {
  const local = new Map<string, LocalMcpServer>()
  if (servers === undefined) return { local, entries: undefined }
  const entries: Record<string, unknown> = { ...servers }
  for (const [name, entry] of Object.entries(servers)) {
    const server = find(entry)
    if (!server) continue
    local.set(name, server)
    entries[name] = { type: 'sdk', name, alwaysLoad: true }
  }
  return { local, entries }
}

/**
 * The user's servers that Claude does not find itself: the named ones, or for `inherit` those that the user has configured
 * for this project only, which Claude skips together with the project's settings.
 */
async function chosenMcpServers(
  spec: UserSpec & Pick<SessionSpec, 'mcp'>,
): Promise<{ servers: McpServerEntries | undefined } | { failure: Failure }> {
  if (typeof spec.mcp !== 'string') return await findNamedMcpServers(spec.mcp, spec)
  if (spec.mcp === 'none') return { servers: undefined }
  const found = await userMcpServers(spec)
  if ('failure' in found) return found
  const { local } = found
  return { servers: Object.keys(local).length === 0 ? undefined : local }
}

/** The entries of the named servers. A name that the user does not have is a failure that lists the known names. */
export async function findNamedMcpServers(names: readonly string[], place: UserSpec): Promise<Found> {
  const found = await userMcpServers(place)
  if ('failure' in found) return found
  const missing = names.filter((name) => !Object.hasOwn(found.servers, name))
  if (missing.length === 0) {
    return { servers: Object.fromEntries(names.map((name) => [name, found.servers[name]])) }
  }
  const failure = createUnknownServersFailure(missing, Object.keys(found.servers), 'claude mcp add')
  return {
    failure: hasProjectFile(place) ? { ...failure, hint: `${failure.hint}; ${notFromProject}` } : failure,
  }
}

const notFromProject =
  "the project's .mcp.json starts nothing here: add a server of it with `claude mcp add`, which puts it into your own file"

function hasProjectFile({ cwd }: UserSpec): boolean {
  return listFolderAndParents(cwd).some((folder) => existsSync(join(folder, '.mcp.json')))
}

/**
 * The user's servers for a folder. Those for that project win over those for all projects. A project's `.mcp.json` is not
 * read, because its author could run another program under a name that the user trusts.
 */
async function userMcpServers({
  cwd,
  source = cwd,
  environment,
}: UserSpec): Promise<{ servers: McpServerEntries; local: McpServerEntries } | { failure: Failure }> {
  const root = listFoldersToGitRoot(source).at(-1) ?? source
  try {
    const user = await readJson(getClaudeConfigPaths(environment).user, UserFile)
    const { mcpServers = {}, disabledMcpServers = [] } = user?.projects?.[root] ?? {}
    const enabled = Object.entries(mcpServers).filter(([name]) => !disabledMcpServers.includes(name))
    return { servers: { ...user?.mcpServers, ...mcpServers }, local: Object.fromEntries(enabled) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return { failure: { reason: 'bad-request', message: `cannot read the user's MCP servers: ${why}` } }
  }
}

/** Reads a JSON file by its schema; undefined when there is no such file. */
async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  if (!existsSync(path)) return undefined
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${path} is not what Claude Code writes`, { cause })
  }
}
