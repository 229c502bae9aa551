import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'

/** The process that sends an HTTP request, with the variables that name the agent session in which it runs. Never stored. */
export type RequestingProcess = z.infer<typeof RequestingProcess>
const RequestingProcess = z.strictObject({
  pid: z.number().int().positive(),
  environment: z.record(z.string(), z.string()),
})

/** The HTTP header that identifies the sending process, for requests without a body too. */
export const requestingProcessHeader = 'subagent-mcp-asker'

/** The HTTP headers that identify the sending process. */
export function encodeRequestingProcessHeader({
  pid,
  environment,
}: RequestingProcess): Record<string, string> {
  const told = Object.entries(environment).filter(([name]) => variables.includes(name))
  return {
    [requestingProcessHeader]: encodeURIComponent(
      JSON.stringify({ pid, environment: Object.fromEntries(told) }),
    ),
  }
}

const variables: readonly string[] = ['SUBAGENT_MCP_DEPTH', 'SUBAGENT_MCP_NONCE', 'SUBAGENT_MCP_MAILBOX']

/** Reads the sending process from its header; `undefined` without the header. @throws SubagentError `invalid-parameter` */
export function decodeRequestingProcessHeader(header: string | undefined): RequestingProcess | undefined {
  if (header === undefined) return undefined
  try {
    return RequestingProcess.parse(JSON.parse(decodeURIComponent(header)))
  } catch (cause) {
    const hint = 'it is JSON, percent-encoded: {"pid": 1, "environment": {}}'
    throw new SubagentError('invalid-parameter', `${requestingProcessHeader}: not understood`, {
      hint,
      cause,
    })
  }
}
