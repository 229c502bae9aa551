import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import type { HostTurn } from '@subagent-mcp/core'
import { z } from 'zod'

/** The name and abilities that a host has declared in MCP so far. */
export type HostInfo = {
  onMessage(message: JSONRPCMessage): void
  name(): string | undefined
  /** Whether the host declares that it shows forms that the server sends as requests (MCP before 2026). */
  takesForms(): boolean
  /** Whether the host declared in its first message that it supports the MCP Tasks extension. */
  followsTasks(): boolean
}

/** Creates the record of a host's name and abilities, which come in `initialize` or, since MCP of 2026, with each request. */
export function createHostInfo(): HostInfo {
  let name: string | undefined
  let takesForms = false
  let followsTasks = false
  return {
    onMessage: (message) => {
      if (!('method' in message)) return
      name ??= nameIn(message.params)
      followsTasks ||= requestDeclaresTasks(Params.safeParse(message.params).data?._meta)
      // The protocol of 2026 has no requests to hosts. Capabilities in a request of the host count for that request only.
      if (message.method === 'initialize')
        takesForms = showsForms(Greeting.safeParse(message.params).data?.capabilities)
    },
    name: () => name,
    takesForms: () => takesForms,
    followsTasks: () => followsTasks,
  }
}

/** Whether the host declares in a request of the 2026 protocol that it shows forms. */
export function requestDeclaresForms(envelope: unknown): boolean {
  return showsForms(Envelope.safeParse(envelope).data?.['io.modelcontextprotocol/clientCapabilities'])
}

/** Whether the host declares in a request of MCP 2026 that it supports the MCP Tasks extension. */
export function requestDeclaresTasks(envelope: unknown): boolean {
  const capabilities = Envelope.safeParse(envelope).data?.['io.modelcontextprotocol/clientCapabilities']
  return Capabilities.safeParse(capabilities).data?.extensions?.[mcpTasksExtensionName] !== undefined
}

/**
 * Returns the turn that Codex names in the `_meta` of a tool call. Returns `undefined` for other hosts, for Codex's own sub-agents, and
 * for `codex exec`, because that process exits with its turn.
 */
export function readCodexTurn(meta: unknown): HostTurn | undefined {
  const { threadId: thread, 'x-codex-turn-metadata': turn } = CodexCall.safeParse(meta).data ?? {}
  if (thread === undefined || turn === undefined) return undefined
  return { thread, id: turn.turn_id, isTyped: turn.turn_trigger === 'user' }
}

/** The `_meta` of Codex for a tool call in a session that a person sees. The ids are checked, because they become command arguments. */
const CodexCall = z.looseObject({
  threadId: z.uuid(),
  'x-codex-turn-metadata': z.looseObject({
    turn_id: z.string(),
    turn_trigger: z.enum(['user', 'queue']),
    thread_source: z.literal('user'),
  }),
})

/** Returns the `traceparent` in the `_meta` of a call, as hosts with traces send it. */
export function readTraceparent(meta: unknown): { traceparent?: string } {
  const { traceparent } = Traced.safeParse(meta).data ?? {}
  return traceparent === undefined ? {} : { traceparent }
}

const Traced = z.looseObject({ traceparent: z.string().max(200).optional() })

/** The name of the MCP Tasks extension (SEP-2663). */
export const mcpTasksExtensionName = 'io.modelcontextprotocol/tasks'

/** Whether a host's capabilities include forms. A host that declares elicitation without a mode shows forms, because forms were the first mode. */
function showsForms(capabilities: unknown): boolean {
  const elicitation = Capabilities.safeParse(capabilities).data?.elicitation
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
}

function nameIn(params: unknown): string | undefined {
  const { clientInfo, _meta } = Params.safeParse(params).data ?? {}
  return (clientInfo ?? _meta?.['io.modelcontextprotocol/clientInfo'])?.name
}

const Named = z.looseObject({ name: z.string() })
const Params = z.looseObject({
  clientInfo: Named.optional(),
  _meta: z.looseObject({ 'io.modelcontextprotocol/clientInfo': Named.optional() }).optional(),
})

const Mode = z.looseObject({}).optional()
const Capabilities = z.looseObject({
  elicitation: z.looseObject({ form: Mode, url: Mode }).optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
})
const Envelope = z.looseObject({ 'io.modelcontextprotocol/clientCapabilities': z.unknown() })
const Greeting = z.looseObject({ capabilities: z.unknown() })
