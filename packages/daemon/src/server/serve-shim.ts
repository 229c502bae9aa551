import { serveMcp } from '@subagent-mcp/mcp-server'
import type { Socket } from 'node:net'
import type { Hello, Welcome } from './hello.js'
import type { DaemonPort, Visit } from './port.js'

/**
 * Serves MCP to a host through its shim. When the connection ends, however it does, the visit ends, once, and
 * nothing more: agents go on. @throws what `welcome` throws
 */
export function serveShim(port: DaemonPort, socket: Socket, hello: Hello): void {
  const { cwd, environment, pid, host, key } = hello
  const named = { ...(host !== undefined && { host }), ...(key !== undefined && { key }) }
  const visit = port.welcome({ cwd, environment, pid, ...named })
  const welcome: Welcome = { subagentMcp: 1, version: port.version }
  if (key !== undefined) socket.write(`${JSON.stringify(welcome)}\n`)
  const closeMcp = serveMcp({
    port: visit.mcp,
    caller: visit.caller,
    mayLaunch: visit.mayLaunch,
    ...(visit.offers && { offers: visit.offers }),
    version: port.version,
    input: socket,
    output: socket,
    onProblem: ({ message }) => {
      port.log(`mcp ${visit.caller}: ${headOf(message)}`)
    },
    hangUp: (reason) => {
      port.log(`mcp ${visit.caller}: closed, because ${reason}`)
      socket.destroy()
    },
  })
  const end = onceOnly(() => {
    endVisit(port, visit, closeMcp)
    socket.destroySoon()
  })
  socket.once('end', end)
  socket.once('close', end)
  socket.on('error', end)
}

function endVisit({ log }: DaemonPort, { caller, leave }: Visit, closeMcp: () => Promise<void>): void {
  closeMcp().catch((error: unknown) => {
    log(`mcp ${caller}: ${String(error)}`)
  })
  leave()
}

/** In one short line: a parser's message has hundreds of them. */
function headOf(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, longestProblem)
}

const longestProblem = 200

function onceOnly(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
