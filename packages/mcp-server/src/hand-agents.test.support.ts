import type { ListedAgent, PooledProcess } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { LaunchTemplate } from '@subagent-mcp/core'
import type { AgentsPort } from './agents-port.js'

/** Agents without files: one that is defined, and what the test lets be live of it. */
export type HandAgents = AgentsPort & { listed: ListedAgent[]; warmed: { cache: boolean }[] }

const reviewer: LaunchTemplate = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  authority: { preset: 'ask', rules: { deny: [], ask: [], allow: [] } },
  setup: { appendSystemPrompt: 'You review.' },
}

/** A process as it could be: 12 s old where the hand clock begins. */
export const process: PooledProcess = {
  key: 'k1',
  agent: 'reviewer',
  project: '/p',
  provider: 'claude',
  pid: 4711,
  status: 'warm',
  startedAt: 988_000,
  tasks: 3,
  memory: 210 * 1024 * 1024,
  lastResetAt: 999_000,
}

/** Nothing is live at first. */
export function createHandAgents(): HandAgents {
  const warmed: { cache: boolean }[] = []
  return {
    listed: [],
    warmed,
    blueprint: (name, { pooled }) => {
      if (name !== 'reviewer') throw new SubagentError('unknown-definition', `no agent '${name}' is defined`)
      const pool = { agent: name, key: 'k1', max: 4, timeoutMs: 300_000 }
      return { template: pooled ? { ...reviewer, pool } : reviewer, cwd: '/p' }
    },
    warm: (_name, { cache }) => {
      warmed.push({ cache })
      return Promise.resolve(process)
    },
    list() {
      return this.listed
    },
    reset: () => Promise.resolve(2),
  }
}
