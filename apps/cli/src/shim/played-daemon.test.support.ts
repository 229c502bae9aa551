import { rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { makeRunFolder, useShimHost, type RunningShim, type ShimHost } from './shim-host.test.support.js'

/** A connection of the shim to the fake daemon, with the lines after its hello. */
export type ShimLink = { socket: Socket; hello: string; lines: string[] }

/** A shim between a host that the test plays, and daemons that it plays too. */
export type PlayedDaemon = {
  host: ShimHost
  shim(): RunningShim
  /** Starts a shim with a fake host, which sends this first line. */
  begins(line: string, variables?: NodeJS.ProcessEnv): Promise<ShimLink>
  /** Starts a shim whose host has completed its handshake. */
  opens(variables?: NodeJS.ProcessEnv): Promise<ShimLink>
  /** Starts a fake daemon. It accepts connections, or closes each after reading the hello. */
  start(version?: string, takes?: boolean): Promise<void>
  /** Stops the fake daemon, and closes all its connections. */
  stop(): Promise<void>
  connections(): readonly ShimLink[]
  /** The newest connection to the fake daemon, as soon as the host has sent this many lines over it. */
  connectionWith(lines: number, count?: number): Promise<ShimLink>
  /** The messages that the host has received since its handshake, without those of changed lists. Incomplete lines are left out. */
  told(): Told[]
  /** The names of the lists that the host was told have changed. */
  changedLists(): string[]
}

const Told = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
})
type Told = z.infer<typeof Told>

/** A request in a line, as SDKs write it: the id is last. */
export function requestLine(id: string | number, method: string, params: object = {}): string {
  return `${JSON.stringify({ method, params, jsonrpc: '2.0', id })}\n`
}

/** The line of an answer to a request. */
export function answerLine(id: string | number, result: object = {}): string {
  return `${JSON.stringify({ result, jsonrpc: '2.0', id })}\n`
}

/** The line of a `tools/call` request. */
export function callLine(id: string | number): string {
  return requestLine(id, 'tools/call', { name: 'launch_agent' })
}

/** The line of the host's `initialize` request. */
export const initializeLine = requestLine(0, 'initialize', { protocolVersion: '2025-11-25' })
export const initializedLine = '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'

/** The error message of a call whose daemon ended before its answer. The matcher of vitest has no type. */
const inWords: unknown = expect.stringContaining('was not sent again')
export const interruption = { code: -32603, message: inWords }

/** Gives each test of a file a shim with a played host, and fake daemons. */
export function usePlayedDaemon(): () => PlayedDaemon {
  const theHost = useShimHost()
  let played: PlayedDaemon
  beforeEach(() => {
    makeRunFolder(theHost())
    played = playDaemon(theHost())
  })
  afterEach(async () => {
    await played.stop()
  })
  return () => played
}

function playDaemon(host: ShimHost): PlayedDaemon {
  const connections: ShimLink[] = []
  let close: (() => Promise<void>) | undefined
  let shim: RunningShim
  const connectionWith: PlayedDaemon['connectionWith'] = async (lines, count = 1) => {
    await expect.poll(() => connections.length).toBeGreaterThanOrEqual(count)
    await expect.poll(() => connections.at(-1)?.lines.length).toBe(lines)
    const connection = connections.at(-1)
    if (!connection) throw new Error('there is none')
    return connection
  }
  const start: PlayedDaemon['start'] = async (version = '0.0.0', takes = true) => {
    close = await listen(host.socket.replace('0.0.0', version), (connection) => {
      connections.push(connection)
      if (takes) connection.socket.write(`{"subagentMcp":1,"version":"${version}"}\n`)
      else connection.socket.destroy()
    })
  }
  const begins: PlayedDaemon['begins'] = async (line, variables) => {
    await start()
    shim = host.start(variables)
    shim.write(line)
    return connectionWith(1)
  }
  return {
    host,
    shim: () => shim,
    connections: () => connections,
    connectionWith,
    start,
    begins,
    opens: async (variables) => {
      const connection = await begins(initializeLine, variables)
      connection.socket.write(answerLine(0))
      await expect.poll(shim.stdout).toBe(answerLine(0))
      shim.write(initializedLine)
      return connectionWith(2)
    },
    stop: async () => {
      const end = close
      close = undefined
      await end?.()
    },
    told: () => toldBy(shim).filter(({ method }) => !changedList.test(method ?? '')),
    changedLists: () => toldBy(shim).flatMap(({ method }) => changedList.exec(method ?? '')?.[1] ?? []),
  }
}

const changedList = /^notifications\/(.*)\/list_changed$/

function toldBy(shim: { stdout(): string }): Told[] {
  const lines = shim.stdout().slice(answerLine(0).length).split('\n').slice(0, -1)
  return lines.filter((line) => line.endsWith('}')).map((line) => Told.parse(JSON.parse(line)))
}

/** Listens at a socket path, and replaces a dead daemon's socket file. Resolves to a function that closes the server and all connections. */
async function listen(path: string, onHello: (connection: ShimLink) => void): Promise<() => Promise<void>> {
  rmSync(path, { force: true })
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    accept(socket, onHello)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(() => resolve()))
  }
}

/** Reads the lines of a connection to the fake daemon; a long line comes in many pieces. */
function accept(socket: Socket, onHello: (connection: ShimLink) => void): void {
  const connection: ShimLink = { socket, hello: '', lines: [] }
  let pieces: string[] = []
  socket.on('error', () => undefined)
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\n')
    pieces.push(first)
    for (const next of others) {
      const line = pieces.join('')
      pieces = [next]
      if (connection.hello !== '') connection.lines.push(line)
      else {
        connection.hello = line
        onHello(connection)
      }
    }
  })
}
