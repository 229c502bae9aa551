import { selectPoolEnvironment, type PoolLimits, type PoolPolicy, type PoolSpec } from '@subagent-mcp/pool'
import { hashDefinition, type AgentDefinition } from '@subagent-mcp/definitions'
import type { SessionSpec } from '@subagent-mcp/contract'
import { createSessionRights, type ToolCallJudge } from '@subagent-mcp/core'
import {
  decodeCallerPermissions,
  strictestCallerPermissions,
  type CallerPermissions,
} from '@subagent-mcp/permissions'
import { readFileSync } from 'node:fs'
import { resolvePoolSettings, type PoolDefaults, type PoolSettings } from './pool-settings.js'
import type { RunnableAgent } from './runnable-agent.js'

/** The project of an agent's pooled processes, and the environment and authority of the caller. */
export type PoolSpecContext = {
  project: string
  caller: { environment: SessionSpec['environment']; depth: number }
  authority: CallerPermissions
  poolDefaults: PoolDefaults
}

/** Returns the spec of the sessions that a pool opens for an agent. Two tasks share a process only if their specs are equal. */
export function createAgentPoolSpec(
  { definition, driver, cwd, setup }: RunnableAgent,
  { project, caller, authority, poolDefaults }: PoolSpecContext,
): PoolSpec {
  const { name, provider, model, effort, mcp, env, prime } = definition
  const { environment, depth } = caller
  return {
    agent: name,
    project,
    provider,
    spec: {
      ...setup,
      ...createSessionRights(authority, driver.abilities),
      cwd,
      environment: selectPoolEnvironment(environment, env),
      mcp,
      ephemeral: true,
      depth: depth + 1,
      ...(model !== undefined && { model }),
      ...(effort && { effort }),
    },
    fingerprint: [hashDefinition(definition), driver.installation(environment) ?? ''],
    ...(prime && { prime: composeFirstPoolPrompt(prime) }),
    limits: limitsOf(resolvePoolSettings(definition, poolDefaults)),
  }
}

/** Converts pool settings to the pool's units: milliseconds and bytes. */
function limitsOf(pool: PoolSettings): PoolLimits {
  return {
    tasks: pool.recycleAfterTasks,
    ageMs: pool.recycleAfterMinutes * 60_000,
    memoryBytes: pool.recycleAboveMegabytes * 1024 * 1024,
    idleMs: pool.idleMinutes * 60_000,
  }
}

/** The first prompt of a pooled session: the definition's own, with the files that it names. */
export function composeFirstPoolPrompt({ prompt, files }: NonNullable<AgentDefinition['prime']>): string {
  const texts = files.map((file) => `<file path="${file}">\n${readFileSync(file, 'utf8').trimEnd()}\n</file>`)
  return [prompt, ...texts].join('\n\n')
}

/** Returns the function that decides tool calls of a pooled process before its first task, by the authority of its future tasks. */
export function createPoolPolicy(judge: ToolCallJudge): PoolPolicy {
  return ({ provider, project, spec: { cwd, ceiling = '' } }, request) =>
    judge(request, {
      provider,
      cwd,
      project,
      authority: decodeCallerPermissions(ceiling) ?? strictestCallerPermissions,
    })
}
