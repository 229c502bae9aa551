import { once, type LocalMcpConnection, type LocalMcpServer } from '@subagent-mcp/contract'
import { serveMcp, summarizeMcpProblem } from '@subagent-mcp/mcp-server'
import { PassThrough, Writable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { SessionMcpCommand } from '../workers/plan-worker.js'
import type { ClientInfo, Connection } from './connection.js'

export type LocalMcpContext = {
  /** The command that would start the server as a process of its own. */
  server: SessionMcpCommand
  connect: (client: ClientInfo) => Connection
  log: (line: string) => void
}

const Entry = z.looseObject({
  command: z.string(),
  args: z.array(z.string()),
  env: z.looseObject({ SUBAGENT_MCP_HOME: z.string() }).catchall(z.string()),
})

const Message = z.looseObject({})

/**
 * Returns this runtime's own MCP server if a session's entry would start exactly it, with the same state folder; otherwise undefined.
 * The client gets the tools and the rights that it would have behind a process of its own.
 */
export function findLocalMcpServer(parts: LocalMcpContext, entry: unknown): LocalMcpServer | undefined {
  const { command, args, home } = parts.server
  const { data: own } = Entry.safeParse(entry)
  const isOwn =
    own?.command === command && isDeepStrictEqual(own.args, args) && own.env.SUBAGENT_MCP_HOME === home
  if (!isOwn) return undefined
  return {
    connect: ({ environment, onMessage, ...client }) =>
      serve(parts, { ...client, environment: { ...environment, ...own.env } }, onMessage),
  }
}

function serve(
  { server: { version }, connect, log }: LocalMcpContext,
  client: ClientInfo,
  onMessage: (message: object) => void,
): LocalMcpConnection {
  const connection = connect(client)
  const input = new PassThrough()
  // The transport writes each message at once, as one line.
  const output = new Writable({
    write: (line: Buffer, _, done) => {
      onMessage(Message.parse(JSON.parse(line.toString())))
      done()
    },
  })
  const note = (problem: string): void => {
    log(`mcp ${connection.caller}: ${problem}`)
  }
  const onProblem = (problem: Error): void => note(summarizeMcpProblem(problem))
  const closeMcp = serveMcp({ ...connection, version, input, output, onProblem })
  return {
    send: (message) => void input.write(`${JSON.stringify(message)}\n`),
    close: once(() => {
      closeMcp().catch((error: unknown) => note(String(error)))
      connection.disconnect()
    }),
  }
}
