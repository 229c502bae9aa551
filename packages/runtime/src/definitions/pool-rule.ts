import type { Judge } from '@subagent-mcp/core'
import { mostRestricted, readCeiling } from '@subagent-mcp/permissions'
import type { PoolPolicy } from '@subagent-mcp/pool'

/** Returns the function that decides tool calls of a pooled process before its first task, by the authority of its future tasks. */
export function poolRule(judge: Judge): PoolPolicy {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, { provider, cwd, project, authority: readCeiling(ceiling) ?? mostRestricted })
}
