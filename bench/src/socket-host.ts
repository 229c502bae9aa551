import type { ShimHello } from '@subagent-mcp/daemon'
import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from 'zod'
import { speakJsonRpc } from './json-rpc.js'

/** An MCP host that is connected to the daemon's socket directly, without a shim. */
export type SocketHost = {
  /** Calls a tool and returns the text of its answer. Rejects when the answer is an error. */
  call(tool: string, input: object): Promise<string>
  close(): void
}

/** The parameters of a host's `initialize` request. */
export const initializeParams = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
}

const Result = z.looseObject({
  content: z.tuple([z.looseObject({ text: z.string() })]),
  isError: z.literal(false).optional(),
})

/** Connects to a daemon's socket, sends the first line that a shim sends, and opens an MCP session. */
export async function openSocketHost(options: { socketPath: string; cwd: string }): Promise<SocketHost> {
  const { socketPath, cwd } = options
  const socket = connect(socketPath)
  await once(socket, 'connect')
  const hello: ShimHello = { subagentMcp: 1, cwd, environment: {}, pid: process.pid, version: '0.0.0' }
  socket.write(`${JSON.stringify(hello)}\n`)
  const { request, notify } = speakJsonRpc({ input: socket, output: socket })
  await request('initialize', initializeParams)
  notify('notifications/initialized')
  return {
    call: async (name, input) => {
      const [{ text }] = Result.parse(await request('tools/call', { name, arguments: input })).content
      return text
    },
    close: () => {
      socket.end()
    },
  }
}
