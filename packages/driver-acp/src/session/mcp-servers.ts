import type { Failure, SessionSpec } from '@subagent-mcp/contract'
import type { McpServer } from '@agentclientprotocol/sdk'
import { expandMcpServer } from '@subagent-mcp/driver-kit'
import { z } from 'zod'
import type { AcpAgentProcess } from '../agent/agent-process.js'

export const mcpServerMarkVariable = 'SUBAGENT_MCP_SERVERS'

const Texts = z.record(z.string(), z.string()).default({})
const Remote = z.looseObject({ type: z.enum(['http', 'sse']), url: z.string(), headers: Texts })
const Local = z.looseObject({
  type: z.literal('stdio').optional(),
  command: z.string(),
  args: z.array(z.string()).default([]),
  env: Texts,
})

/** Translates the MCP servers of a session spec for ACP. Returns a failure for those that the agent cannot have. */
export function toAcpMcpServers(
  { mcpServers = {}, environment }: Pick<SessionSpec, 'mcpServers' | 'environment'>,
  label: string,
  can: AcpAgentProcess['can'],
): { servers: readonly McpServer[] } | { failure: Failure } {
  const servers: McpServer[] = []
  for (const [name, entry] of Object.entries(mcpServers)) {
    const expanded = expandMcpServer(name, entry, environment)
    if ('failure' in expanded) return expanded
    const { value } = expanded
    const [remote, local] = [Remote.safeParse(value).data, Local.safeParse(value).data]
    if (remote !== undefined) {
      const { type, url, headers } = remote
      if (!can[type]) return { failure: unreachable(name, type, label) }
      servers.push({ type, name, url, headers: pairs(headers) })
    } else if (local !== undefined) {
      const { command, args, env } = local
      servers.push({ name, command, args, env: pairs(env) })
    } else return { failure: unreadable(name) }
  }
  return { servers }
}

export function markMcpServers(servers: readonly McpServer[], value: string): McpServer[] {
  return servers.map((server) =>
    'command' in server
      ? { ...server, env: [...server.env, { name: mcpServerMarkVariable, value }] }
      : { ...server },
  )
}

function pairs(texts: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(texts).map(([name, value]) => ({ name, value }))
}

function unreadable(name: string): Failure {
  const hint = 'give it a command with args and env, or a type (http, sse) with url and headers'
  return { reason: 'bad-request', message: `the MCP server ${name} is not as in .mcp.json`, hint }
}

function unreachable(name: string, type: string, label: string): Failure {
  const message = `${label} takes no MCP server of the type ${type}: ${name}`
  return { reason: 'bad-request', message, hint: 'give one that is a command' }
}
