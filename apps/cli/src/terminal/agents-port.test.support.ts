import type { LaunchTemplate } from '@subagent-mcp/core'
import type { PooledAgent, PooledProcess } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { CallerDefinitions } from '@subagent-mcp/runtime'

/** Agent definitions and warm processes, which the test sets. */
export type ManualAgents = {
  listed: PooledAgent[]
  /** Returns the agent definitions that a caller in a folder sees. */
  definitionsAt(cwd: string): CallerDefinitions
  processes: PooledProcess[]
}

/** A warm process of the pool, which waits for its next task. */
export const warmProcess: PooledProcess = {
  key: 'k',
  agent: 'reviewer',
  project: '/p',
  provider: 'claude',
  pid: 4242,
  status: 'warm',
  startedAt: 1_000_000,
  tasks: 2,
  memory: 190_000_000,
  lastResetAt: 1_000_500,
}

/** The authority of callers and of `reviewer` in these tests: the preset `accept-edits`, without rules. */
export const manualAuthority: LaunchTemplate['authority'] = {
  preset: 'accept-edits',
  rules: { deny: [], ask: [], allow: [] },
}

/** Creates the definition of `reviewer`, with at most one task at a time, of at most a minute. No process is warm. */
export function createManualAgents(): ManualAgents {
  const processes: PooledProcess[] = []
  const listed = [reviewerWith(processes)]
  return {
    processes,
    listed,
    definitionsAt: (cwd) => ({
      launchTemplate: (name, { pooled }) => ({ template: templateOf(known(name), pooled), cwd }),
      warm: (name, { cache }) => {
        processes.push({ ...warmProcess, agent: known(name), tasks: cache ? 1 : 0 })
        return Promise.resolve(processes.at(-1) ?? warmProcess)
      },
      onDefinitionsChange: () => () => undefined,
      list: () => listed,
      reset: (name) => {
        const ended = processes.splice(0).filter(({ agent }) => agent === known(name))
        return Promise.resolve(ended.length)
      },
    }),
  }
}

function reviewerWith(processes: readonly PooledProcess[]): PooledAgent {
  return {
    name: 'reviewer',
    description: 'Reviews code.',
    provider: 'claude',
    path: '/p/agents/reviewer.md',
    processes,
    figures: { tasks: 2, usage: { inputTokens: 900, cachedInputTokens: 800 }, processes: 1 },
  }
}

function known(name: string): string {
  if (name === 'reviewer') return name
  throw new SubagentError('unknown-definition', `no agent '${name}'`, { hint: 'there is reviewer' })
}

function templateOf(name: string, pooled: boolean): LaunchTemplate {
  return {
    name,
    candidate: { provider: 'claude', model: 'opus' },
    category: 'quality_review',
    mcp: 'none',
    setup: { appendSystemPrompt: 'Review.' },
    authority: manualAuthority,
    ...(pooled && { pool: { agent: name, key: 'k', max: 1, timeoutMs: 60_000 } }),
  }
}
