import type { Judge } from '@subagent-mcp/core'
import { strictestAuthority, decodeAuthority } from '@subagent-mcp/permissions'
import type { PoolPolicy } from '@subagent-mcp/pool'

/** Returns the function that decides tool calls of a pooled process before its first task, by the authority of its future tasks. */
export function createPoolPolicy(judge: Judge): PoolPolicy {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, { provider, cwd, project, authority: decodeAuthority(ceiling) ?? strictestAuthority })
}
