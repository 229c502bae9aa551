import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { ShimHello } from './server/connections/shim-hello.js'

const Answer = z.looseObject({
  id: z.number(),
  result: z.looseObject({ tools: z.array(z.unknown()).optional() }),
})

/** The hello of a shim in `/p`, with a secret in its environment. */
export const hello: ShimHello = {
  subagentMcp: 1,
  cwd: '/p',
  environment: { API_KEY: 'sk-do-not-tell' },
  pid: 7,
  version: '1.2.3',
  host: 'test',
}

/** The hello as a line. */
export const helloLine = `${JSON.stringify(hello)}\n`

/** The line with the MCP request `initialize`, which a host sends first. */
export const initializeLine = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
})}\n`

/** A shim's connection to the daemon, as a test drives it. */
export type ShimHost = {
  socket: Socket
  write(text: string): void
  /** The next line from the daemon. */
  line(): Promise<string>
  /** The next line from the daemon, parsed as an answer. */
  answer(): Promise<z.infer<typeof Answer>>
}

/** Connects to the daemon and sends nothing. */
export async function connectShim(socketPath: string): Promise<ShimHost> {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  // Being hung up on is what some tests wait for.
  socket.on('error', () => undefined)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => {
    const line: IteratorResult<string, unknown> = await lines.next()
    return String(line.value)
  }
  return {
    socket,
    write: (text) => void socket.write(text),
    line: nextLine,
    answer: async () => Answer.parse(JSON.parse(await nextLine())),
  }
}

/** Connects to the daemon, sends the hello line, and initializes MCP. */
export async function greetedShim(socketPath: string): Promise<ShimHost> {
  const shim = await connectShim(socketPath)
  shim.write(helloLine + initializeLine)
  await shim.answer()
  shim.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  return shim
}
