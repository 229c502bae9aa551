import type { Judge } from '@subagent-mcp/core'
import { mostRestricted, readCeiling } from '@subagent-mcp/permissions'
import type { PoolPolicy } from '@subagent-mcp/pool'

/** Returns the judge of tool calls that a pooled process makes before its first task: the ceiling of its tasks. */
export function poolRule(judge: Judge): PoolPolicy {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, { provider, cwd, project, authority: readCeiling(ceiling) ?? mostRestricted })
}
