import type { Hello } from '@subagent-mcp/daemon'
import { once } from 'node:events'
import { connect } from 'node:net'
import { z } from 'zod'
import { initialization } from './mcp-opening.js'
import { speakJsonRpc } from './json-rpc.js'

/** A host on the daemon's socket itself, as if its shim cost nothing. */
export type SocketHost = {
  /** The text of a tool's answer; rejects when it is an error. */
  call(tool: string, input: object): Promise<string>
  close(): void
}

const Result = z.looseObject({
  content: z.tuple([z.looseObject({ text: z.string() })]),
  isError: z.literal(false).optional(),
})

/** Says who it is, as a shim does, and opens an MCP session. */
export async function openSocketHost(options: { socketPath: string; cwd: string }): Promise<SocketHost> {
  const { socketPath, cwd } = options
  const socket = connect(socketPath)
  await once(socket, 'connect')
  const hello: Hello = { subagentMcp: 1, cwd, environment: {}, pid: process.pid, version: '0.0.0' }
  socket.write(`${JSON.stringify(hello)}\n`)
  const { request, notify } = speakJsonRpc({ input: socket, output: socket })
  await request('initialize', initialization)
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
