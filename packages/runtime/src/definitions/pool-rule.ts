import type { Judge } from '@subagent-mcp/core'
import { mostRestricted, readCeiling } from '@subagent-mcp/permissions'
import type { PoolPolicy } from '@subagent-mcp/pool'

/** Judges the calls that a pooled process makes before its first task by the ceiling of its tasks. */
export function poolRule(judge: Judge): PoolPolicy {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, { provider, cwd, project, authority: readCeiling(ceiling) ?? mostRestricted })
}
