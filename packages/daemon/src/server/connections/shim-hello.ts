import { parseJson } from '@subagent-mcp/contract'
import { z } from 'zod'

/** The first line that a shim sends to the daemon, before the MCP bytes of its host. */
export const ShimHello = z.looseObject({
  subagentMcp: z.literal(1),
  cwd: z.string(),
  environment: z.record(z.string(), z.string()),
  pid: z.number().int(),
  version: z.string(),
  host: z.string().exactOptional(),
  key: z.string().min(32).exactOptional(),
  forwarded: z.literal(true).exactOptional(),
})
export type ShimHello = {
  subagentMcp: 1
  cwd: string
  environment: Readonly<Record<string, string>>
  pid: number
  version: string
  host?: string
  /**
   * A secret that the shim creates at its start. Connections with the same key are the same caller, also at a later daemon. The
   * daemon answers a hello that has a key with a `Welcome`.
   */
  key?: string
  /**
   * Set if another daemon connects on behalf of its host. This daemon does not forward the requests of such a connection to
   * further daemons.
   */
  forwarded?: true
}

/**
 * The daemon's first line to a shim with a key: the connection is accepted. Without this line the daemon has read no message of the shim.
 */
export type ShimWelcome = { subagentMcp: 1; version: string }

/** The longest hello line, in bytes: several times the largest environment that an operating system allows. */
export const maxHelloBytes = 8 * 1024 * 1024

/** Parses a hello line; `undefined` for another line. Errors are not reported, because the line holds secrets. */
export function parseShimHello(line: string): ShimHello | undefined {
  return ShimHello.safeParse(parseJson(line)).data
}
