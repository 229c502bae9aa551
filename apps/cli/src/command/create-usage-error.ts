import { SubagentError } from '@subagent-mcp/contract'

/** Creates the error of a wrong command line. Without a hint `runCommandLine` adds one that names the command's help. */
export function createUsageError(message: string, hint?: string): SubagentError {
  return new SubagentError('unknown-parameter', message, hint === undefined ? {} : { hint })
}
