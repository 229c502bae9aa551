import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { expandMcpServer } from '@subagent-mcp/driver-kit'
import { z } from 'zod'

type Own = { servers: Readonly<Record<string, object>> } | { failure: Failure }

/** The MCP servers of a session in the format of Codex's config. Fails for an entry that cannot be read, and names it. */
export function readSessionMcpServers({
  mcpServers = {},
  environment,
}: Pick<SessionSpec, 'mcpServers' | 'environment'>): Own {
  const servers: Record<string, object> = {}
  for (const [name, entry] of Object.entries(mcpServers)) {
    const expanded = expandMcpServer(name, entry, environment)
    if ('failure' in expanded) return expanded
    const { data: server } = Entry.safeParse(expanded.value)
    if (server === undefined) return { failure: cannotRead(name) }
    servers[name] = { ...server, enabled: true }
  }
  return { servers }
}

const words = z.record(z.string(), z.string()).optional()

const Command = z
  .looseObject({
    type: z.literal('stdio').optional(),
    command: z.string(),
    args: z.array(z.string()).optional(),
    env: words,
    alwaysLoad: z.boolean().optional(),
  })
  .transform(({ command, args, env, alwaysLoad }) => ({
    command,
    ...(args && { args }),
    ...(env && { env }),
    // A server that is not required may list its tools only after the first turn has begun.
    ...(alwaysLoad && { required: true }),
  }))

const Http = z
  .looseObject({ type: z.enum(['http', 'streamable-http']).optional(), url: z.string(), headers: words })
  .transform(({ url, headers }) => ({ url, ...(headers && { http_headers: headers }) }))

/** Reads an MCP server entry of Claude's `.mcp.json`, converted for Codex, which does not support `sse` servers. */
const Entry = z.union([Command, Http])

function cannotRead(name: string): Failure {
  return {
    reason: 'bad-request',
    message: `codex cannot be given the MCP server ${name}`,
    hint: 'it takes a command with args and env, or the url of an http server with headers',
  }
}
