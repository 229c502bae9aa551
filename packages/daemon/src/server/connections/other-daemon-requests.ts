import { connectLocalSocket } from '@subagent-mcp/client'
import { parseJson, type Clock } from '@subagent-mcp/contract'
import type { ForeignTaskRequest } from '@subagent-mcp/mcp-server'
import { readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { ShimHello } from './shim-hello.js'

/** Requests of one host to the user's other daemons, which run beside this daemon during an update. */
export type OtherDaemonRequests = {
  /** Asks all other daemons. Returns the first result; `undefined` if no daemon returns one. Never rejects. */
  ask(request: ForeignTaskRequest): Promise<Record<string, unknown> | undefined>
  /** Closes the connections to the other daemons, because the host has disconnected. */
  close(): void
}

/** The time limit for the answer of another daemon, in milliseconds. */
const answerLimit = 5_000

type Asking = { socketPath: string; hello: ShimHello; clock: Clock }

/**
 * Creates the requests of a host. Each other daemon gets a connection of the same host. The connection stays open until the host
 * disconnects, because the other daemon notices by it whether its reports have arrived.
 */
export function createOtherDaemonRequests(asking: Asking): OtherDaemonRequests {
  const links = new Map<string, Promise<Link | undefined>>()
  let isClosed = false
  const linkTo = async (path: string): Promise<Link | undefined> => {
    const link = links.get(path) ?? openLink(path, asking)
    links.set(path, link)
    const found = await link
    if (isClosed) found?.socket.destroy()
    if (!found || found.socket.destroyed) links.delete(path)
    return found
  }
  return {
    ask: async (request) => {
      for (const path of otherSockets(asking.socketPath)) {
        const result = await (await linkTo(path))?.ask(request)
        if (result) return result
      }
      return undefined
    },
    close: () => {
      isClosed = true
      for (const link of links.values()) void link.then((found) => found?.socket.destroy())
    },
  }
}

/** Lists the sockets of other daemons; none on Windows, because its named pipes are not in a folder. */
function otherSockets(socketPath: string): readonly string[] {
  try {
    const names = readdirSync(dirname(socketPath)).filter((name) => /^[^.].*\.sock$/.test(name))
    return names
      .filter((name) => name !== basename(socketPath))
      .map((name) => join(dirname(socketPath), name))
  } catch {
    return []
  }
}

type Link = { socket: Socket; ask: OtherDaemonRequests['ask'] }

/** Connects to a daemon as the host. The hello is marked as forwarded, so that the other daemon does not ask further daemons. */
async function openLink(path: string, { hello, clock }: Asking): Promise<Link | undefined> {
  const socket = await connectLocalSocket(path).catch(() => undefined)
  if (!socket) return undefined
  const waiting = new Map<number, (answer: Answer | undefined) => void>()
  const endAll = (): void => {
    for (const settle of waiting.values()) settle(undefined)
  }
  // Node emits `close` after an error, so the error needs no handling.
  socket.on('error', () => undefined).once('close', endAll)
  createInterface({ input: socket }).on('line', (line) => {
    const answer = Answer.safeParse(parseJson(line)).data
    if (answer) waiting.get(answer.id)?.(answer)
  })
  const key = hello.key === undefined ? {} : { key: `forwarded-${hello.key}` }
  const words: ShimHello = { ...hello, ...key, forwarded: true }
  socket.write(`${JSON.stringify(words)}\n`)
  let lastId = 0
  const ask: Link['ask'] = ({ method, params }) =>
    new Promise((resolve) => {
      const id = (lastId += 1)
      const cancel = clock.after(answerLimit, () => waiting.get(id)?.(undefined))
      waiting.set(id, (answer) => {
        cancel()
        waiting.delete(id)
        resolve(answer?.result)
      })
      socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    })
  return { socket, ask }
}

const Answer = z.looseObject({ id: z.number(), result: z.record(z.string(), z.unknown()).optional() })
type Answer = z.infer<typeof Answer>
