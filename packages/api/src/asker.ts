import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'

/** The process that asks, with those of its variables that say whose session of ours it is in; never kept. */
export type Asker = z.infer<typeof Asker>
const Asker = z.strictObject({
  pid: z.number().int().positive(),
  environment: z.record(z.string(), z.string()),
})

/** In a header, as who asks is no part of what is asked: lists are asked for without a body. */
export const askerHeader = 'subagent-mcp-asker'

/** What a request says of who makes it. */
export function askerHeaders({ pid, environment }: Asker): Record<string, string> {
  const told = Object.entries(environment).filter(([name]) => variables.includes(name))
  return { [askerHeader]: encodeURIComponent(JSON.stringify({ pid, environment: Object.fromEntries(told) })) }
}

const variables: readonly string[] = ['SUBAGENT_MCP_DEPTH', 'SUBAGENT_MCP_MAILBOX']

/** Who makes a request; `undefined` for a program that does not say. @throws SubagentError `invalid-parameter` */
export function readAsker(header: string | undefined): Asker | undefined {
  if (header === undefined) return undefined
  try {
    return Asker.parse(JSON.parse(decodeURIComponent(header)))
  } catch (cause) {
    const hint = 'it is JSON, percent-encoded: {"pid": 1, "environment": {}}'
    throw new SubagentError('invalid-parameter', `${askerHeader}: not understood`, { hint, cause })
  }
}
