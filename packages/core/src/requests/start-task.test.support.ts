import { waitForTask, type TaskResult } from './wait-for-task.js'
import type { LaunchTemplate } from '../launch/launch-template.js'
import { computeAgentStatus } from '../agent/agent-view.js'
import type { ManualSupervisor } from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { acknowledgeReports } from './wait-for-reports.js'
import { selectNewReports } from './agent-wait-outcome.js'
import { noPermissionRules } from '@subagent-mcp/permissions'

/** The template of the agent whose tasks are tested. */
export const template: LaunchTemplate = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  setup: { appendSystemPrompt: 'You review.', tools: { only: ['Read'] } },
  authority: { preset: 'ask', rules: noPermissionRules },
  pool: { agent: 'reviewer', key: 'k1', max: 2, timeoutMs: 300_000 },
}

/** Launches a task of `me`, whose call is open until `signal` aborts. */
export function startTask(
  { supervisor }: ManualSupervisor,
  task = 'review it',
  signal: AbortSignal = new AbortController().signal,
): { id: string; result: Promise<TaskResult> } {
  const { id } = launchSupervisedAgent(supervisor, 'me', { prompt: task, cwd: '/p', template }).agent.profile
  return { id, result: waitForTask(supervisor, id, signal) }
}

/** Marks all reports of a task as received by its caller. */
export function receive({ supervisor }: ManualSupervisor, id: string): void {
  const news = [selectNewReports(supervisor.state(), 'me', findAgentByIdOrName(supervisor, id))]
  acknowledgeReports(supervisor, 'me', { news })
}

/** The status of a task as everybody sees it. */
export function statusOf({ supervisor, clock }: ManualSupervisor, id: string): string {
  return computeAgentStatus(findAgentByIdOrName(supervisor, id), { now: clock.now(), stalledAfter: 600_000 })
}
