import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import { expandVariables } from '@subagent-mcp/driver-kit'
import { z } from 'zod'

type Own = { servers: Readonly<Record<string, object>> } | { failure: Failure }

/** The MCP servers that a session brings, in the words of Codex's config. What cannot be read is a failure that names it. */
export function ownMcpServers({
  mcpServers = {},
  environment,
}: Pick<SessionSpec, 'mcpServers' | 'environment'>): Own {
  const entries = Object.entries(mcpServers).map(([name, entry]) => {
    const { value, unset } = expandVariables(entry, environment)
    return { name, server: Entry.safeParse(value).data, unset }
  })
  const unset = new Set(entries.flatMap((entry) => entry.unset))
  const unreadable = entries.find(({ server }) => server === undefined)
  if (unreadable !== undefined) return { failure: cannotRead(unreadable.name) }
  if (unset.size > 0) return { failure: notSet([...unset]) }
  return {
    servers: Object.fromEntries(entries.map(({ name, server }) => [name, { ...server, enabled: true }])),
  }
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
    // Without it the first turn may begin before the server has told its tools.
    ...(alwaysLoad && { required: true }),
  }))

const Http = z
  .looseObject({ type: z.enum(['http', 'streamable-http']).optional(), url: z.string(), headers: words })
  .transform(({ url, headers }) => ({ url, ...(headers && { http_headers: headers }) }))

/** An entry of Claude's `.mcp.json`, to one of Codex's. Codex does not speak to servers of the kind `sse`. */
const Entry = z.union([Command, Http])

function cannotRead(name: string): Failure {
  return {
    reason: 'bad-request',
    message: `codex cannot be given the MCP server ${name}`,
    hint: 'it takes a command with args and env, or the url of an http server with headers',
  }
}

function notSet(names: readonly string[]): Failure {
  return {
    reason: 'bad-request',
    message: `an MCP server needs what is not in the environment: ${names.join(', ')}`,
    hint: 'set it where the agent is launched; a pooled one gets it by `env:` in its definition',
  }
}
