import { once, SubagentError } from '@subagent-mcp/contract'
import {
  openMcpHttpSession,
  openStatelessHttpCaller,
  summarizeMcpProblem,
  type HttpCaller,
  type McpCaller,
} from '@subagent-mcp/mcp-server'
import { randomUUID } from 'node:crypto'
import type { DaemonPort } from '../daemon-port.js'

/** The hosts that speak MCP over HTTP. Each of them is one caller of the runtime. */
export type McpCallers = {
  /** Opens a session of a protocol before 2026. @throws SubagentError of `connect`, `at-capacity` */
  openSession(place: McpHostOrigin): Promise<HttpMcpCaller>
  /** Returns the open session with this id; `undefined` if it has ended. */
  session(id: string): HttpMcpCaller | undefined
  /**
   * Returns the caller of requests without a session. Requests from the same place have the same caller. @throws SubagentError of
   * `connect`, `at-capacity`
   */
  stateless(place: McpHostOrigin): HttpMcpCaller
  /** Ends all callers. Never rejects. */
  close(): Promise<void>
}

/** The origin of a host over HTTP: the part of the daemon that the host may use, its folder, its variables and its MCP client name. */
export type McpHostOrigin = {
  port: DaemonPort
  cwd: string
  environment: Readonly<Record<string, string>>
  host?: string
  pid?: number
}

export type HttpMcpCaller = HttpCaller & {
  /**
   * Counts one exchange (a request and its answer) until the returned function is called. A caller without exchanges ends after 30
   * minutes. @throws SubagentError `at-capacity`
   */
  enter(): () => void
}

/** The milliseconds after which a caller without an open request or stream ends. */
const longestSilence = 30 * 60_000
/** The most callers over HTTP, and the most open requests of one. */
const [mostCallers, mostOpen] = [256, 256]

/** Creates the set of callers over HTTP. `enterHost` counts a host until the returned function is called. */
export function createMcpCallers(enterHost: () => () => void): McpCallers {
  const callers = new Map<string, HttpMcpCaller>()

  const connect = (place: McpHostOrigin): ReturnType<typeof connectHost> => {
    if (callers.size < mostCallers) return connectHost(place, enterHost())
    throw tooMany(`${mostCallers} MCP sessions are open`)
  }
  const keep = (key: string, caller: HttpCaller, host: ConnectedHost): HttpMcpCaller => {
    const kept = endWhenSilent(caller, host, () => callers.delete(key))
    callers.set(key, kept)
    return kept
  }
  return {
    openSession: async (place) => {
      const [id, host] = [randomUUID(), connect(place)]
      const onDelete = (): void => void callers.get(id)?.close()
      return keep(id, await openMcpHttpSession(host.mcp, { id, onDelete }), host)
    },
    session: (id) => callers.get(id),
    stateless: (place) => {
      const key = JSON.stringify([place.cwd, place.host, place.pid, place.environment])
      const known = callers.get(key)
      if (known) return known
      const host = connect(place)
      return keep(key, openStatelessHttpCaller(host.mcp), host)
    },
    close: async () => {
      await Promise.all([...callers.values()].map(({ close }) => close()))
    },
  }
}

type ConnectedHost = { mcp: McpCaller; port: DaemonPort; leave(): void }

/** Connects a host to the runtime. `leave` is called once, also if the runtime refuses the host. */
function connectHost({ port, cwd, environment, host }: McpHostOrigin, leave: () => void): ConnectedHost {
  try {
    const named = { ...(host !== undefined && { host }) }
    const connection = port.connect({ cwd, environment, ...named })
    const onProblem = (problem: Error): void => {
      port.log(`mcp ${connection.caller}: ${summarizeMcpProblem(problem)}`)
    }
    return {
      mcp: { ...connection, version: port.version, onProblem },
      port,
      leave: once(() => {
        connection.disconnect()
        leave()
      }),
    }
  } catch (error) {
    leave()
    throw error
  }
}

/** Ends a caller that has had no open exchange for 30 minutes. */
function endWhenSilent(caller: HttpCaller, { port, leave }: ConnectedHost, onEnd: () => void): HttpMcpCaller {
  const { clock } = port.supervisor
  let open = 0
  let cancel: (() => void) | undefined
  const close = async (): Promise<void> => {
    cancel?.()
    onEnd()
    await caller.close().catch((error: unknown) => {
      port.log(`mcp: ${String(error)}`)
    })
    leave()
  }
  const watch = (): void => {
    cancel?.()
    cancel = open > 0 ? undefined : clock.after(longestSilence, () => void close())
  }
  return {
    answer: caller.answer,
    enter: () => {
      if (open >= mostOpen) throw tooMany(`${mostOpen} requests of this session are open`)
      open += 1
      watch()
      return once(() => {
        open -= 1
        watch()
      })
    },
    close,
  }
}

function tooMany(what: string): SubagentError {
  return new SubagentError('at-capacity', what, { hint: 'end some of them, or wait for their answers' })
}
