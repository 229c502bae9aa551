import type { AgentSummary, PermissionRequestSummary, TurnSummary } from '@subagent-mcp/api'

/** The time (Unix ms) at which the daemon reported the agents of these tests. */
export const now = Date.UTC(2026, 10, 21, 12)

/** Returns a working agent, with `parts` in place of its own. */
export function agentOf(parts: Partial<AgentSummary> = {}): AgentSummary {
  return {
    id: 'k3f9',
    category: 'coding',
    provider: 'claude',
    model: 'opus',
    attempts: [],
    notes: [],
    cwd: '/home/me/app',
    project: '/home/me/app',
    status: 'processing',
    alive: true,
    takesMessages: true,
    onHostExit: 'keep',
    launchedAt: now - 200_000,
    idleSeconds: 2,
    queuedMessages: 0,
    recent: [{ at: now - 2_000, kind: 'tool', text: 'Bash {"command":"npm test"}' }],
    permissions: [],
    turnCount: 0,
    turns: [],
    ...parts,
  }
}

/** Returns a permission request that has waited for a minute, with `parts` in place of its own. */
export function questionOf(parts: Partial<PermissionRequestSummary> = {}): PermissionRequestSummary {
  return { requestId: 'r', tool: 'Bash', call: 'Bash {}', askedAt: now - 60_000, ...parts }
}

/** Returns a finished turn that took 20 s. */
export function turnOf(parts: Partial<TurnSummary> = {}): TurnSummary {
  const usage = { inputTokens: 12_000, outputTokens: 800 }
  return { status: 'finished', startedAt: now - 30_000, endedAt: now - 10_000, usage, ...parts }
}
