import {
  parseJson,
  type LocalMcpClient,
  type LocalMcpConnection,
  type LocalMcpServer,
} from '@subagent-mcp/contract'
import { z } from 'zod'
import { createControlRequestLine, createMcpAnswerLine, createRefuseRequestLine } from './requests.js'
import { ControlRequestLine } from './wire.js'

/** Passes MCP messages between a `claude` process and MCP servers in this process. */
export type ClaudeMcpMessages = {
  /** Takes a line of Claude's stdout with a message for one of the servers. Returns false for all other lines. */
  take(line: string): boolean
  /** Disconnects Claude from the servers. Called when its process has exited. */
  close(): void
}

export type ClaudeMcpOptions = {
  servers: ReadonlyMap<string, LocalMcpServer>
  /** The client that is connected to a server with its first message. */
  client: Omit<LocalMcpClient, 'onMessage'>
  write: (line: string) => void
}

const subtype = 'mcp_message'

const McpLine = ControlRequestLine.extend({
  request: z.looseObject({
    subtype: z.literal(subtype),
    server_name: z.string(),
    message: z.looseObject({
      id: z.union([z.string(), z.number()]).optional(),
      method: z.string().optional(),
    }),
  }),
})

type Connected = LocalMcpConnection & {
  /** The ids of Claude's control requests whose MCP request has no answer yet, by the ids of the MCP requests. */
  unanswered: Map<unknown, string>
}

/**
 * Claude wraps each of its MCP messages in a control request. The answer of the server is the answer to that request; other messages
 * of the server are control requests to Claude.
 */
export function createClaudeMcpMessages({ servers, client, write }: ClaudeMcpOptions): ClaudeMcpMessages {
  const connections = new Map<string, Connected>()
  let sent = 0
  const connect = (name: string, server: LocalMcpServer): Connected => {
    const unanswered: Connected['unanswered'] = new Map()
    const onMessage = (message: { id?: unknown; method?: unknown }): void => {
      const id = message.method === undefined ? unanswered.get(message.id) : undefined
      if (id === undefined) {
        write(createControlRequestLine(`mcp-${(sent += 1)}`, { subtype, server_name: name, message }))
        return
      }
      unanswered.delete(message.id)
      write(createMcpAnswerLine(id, message))
    }
    const connection = { ...server.connect({ ...client, onMessage }), unanswered }
    connections.set(name, connection)
    return connection
  }
  return {
    take: (line) => {
      // Most lines are spared the parsing. In the text of a model the quotes are escaped.
      if (servers.size === 0 || !line.includes(`"${subtype}"`)) return false
      const { data } = McpLine.safeParse(parseJson(line))
      const server = data && servers.get(data.request.server_name)
      if (!server) return false
      const { request_id: id, request } = data
      const { server_name: name, message } = request
      try {
        const { unanswered, send } = connections.get(name) ?? connect(name, server)
        if (message.method !== undefined && message.id !== undefined) unanswered.set(message.id, id)
        else write(createMcpAnswerLine(id))
        send(message)
      } catch (cause) {
        write(createRefuseRequestLine(id, cause instanceof Error ? cause.message : String(cause)))
      }
      return true
    },
    close: () => {
      for (const { close } of connections.values()) close()
    },
  }
}
