import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import { formatCandidate } from '@subagent-mcp/routing'
import type { Agent, AgentProfile } from './agent.js'
import type { Effect } from '../state/effect.js'
import type { AgentFact } from '../state/fact.js'
import type { LaunchRoute } from '../launch/launch-route.js'
import { createAgent, reduceAgent } from './reduce-agent.js'

export const profile: AgentProfile = {
  id: 'a1',
  category: 'coding',
  task: 'first',
  mcp: 'none',
  cwd: '/p',
  caller: 'c1',
  project: '/p',
  onHostExit: 'keep',
  depth: 1,
  launchedAt: 0,
}
/** A route of one candidate, which the caller named. */
export const pinned: LaunchRoute = {
  pinned: true,
  health: true,
  current: { provider: 'claude', model: 'opus' },
  left: [],
  attempts: [],
}
export const crash: Failure = { reason: 'crashed', message: 'it died' }

/** A fact for tests, without its time and agent. */
export type Given = AgentFact extends infer F
  ? F extends AgentFact
    ? Omit<F, 'at' | 'agentId'>
    : never
  : never

export const granted: Given = { type: 'slot-granted' }
export const opened: Given = { type: 'session-opened', resumable: true }
export const identified: Given = {
  type: 'session-event-received',
  event: { type: 'session-identified', sessionId: 's1' },
}
export const expired: Given = { type: 'idle-expired' }
export const interrupt: Given = { type: 'interrupt-requested' }
export const recovered: Given = { type: 'recovered' }
export const released: Given = { type: 'release-requested' }
export const openFailed: Given = { type: 'session-open-failed', failure: crash }
export const stop: Given = { type: 'stop-requested', by: 'c1' }
export const shutdown: Given = { type: 'shutdown-requested' }
export const spent: Given = {
  type: 'budget-spent',
  spent: { limit: 'tokens', most: 1, used: 2, agentId: 'a0' },
}
export const limitPassed: Given = {
  type: 'limit-passed',
  message: { id: 'again', text: 'go on' },
  caller: 'c2',
}
export const message = (id: string, steer = false): Given => ({
  type: 'message-requested',
  message: { id, text: `text ${id}` },
  steer,
  caller: 'c2',
})
export const event = (given: SessionEvent): Given => ({ type: 'session-event-received', event: given })
export const said = (text: string): Given => event({ type: 'message-ended', text })
export const turnEnded = (turnId: string, answer = 'done'): Given =>
  event({ type: 'turn-ended', turnId, outcome: { type: 'completed', answer } })
export const turnFailed = (turnId: string, failure = crash): Given =>
  event({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } })
/** The session died with its turn. */
export const turnCrashed = (turnId: string): Given =>
  event({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure: crash }, sessionEnds: true })
export const asked = (requestId: string): Given =>
  event({ type: 'approval-requested', requestId, tool: 'Bash', input: {} })
export const answered = (requestId: string): Given => ({
  type: 'answer-requested',
  requestId,
  decision: 'allow',
  by: 'http',
  who: 'me',
})
export const closed = (failure?: Failure): Given =>
  event({ type: 'session-closed', ...(failure && { failure }) })

/** The verdict of a check of a turn; `text` says what failed. The turn that repairs it is `<turn>r`. */
export const checkPassed = (turnId: string): Given => ({
  type: 'turn-checked',
  turnId,
  verdict: { passed: true, check: { grade: 'checked', evidence: [] } },
  repairId: `${turnId}r`,
})
export const checkFailed = (turnId: string, more: { final?: true } = {}): Given => ({
  type: 'turn-checked',
  turnId,
  verdict: {
    passed: false,
    check: { grade: 'rejected', evidence: [] },
    problem: 'it is wrong',
    feedback: 'mend it',
    ...more,
  },
  repairId: `${turnId}r`,
})

/** Launch options by which an agent's results are checked. */
export const checked: Partial<AgentProfile> = { outputSchema: { type: 'object' } }

/** Plays facts one second apart to an agent; returns it and all effects in order. */
export function play(
  facts: readonly Given[],
  route = pinned,
  more: Partial<AgentProfile> = {},
): { agent: Agent; effects: Effect[] } {
  let agent = createAgent({
    profile: { ...profile, ...more },
    route,
    notes: [],
    prompt: { id: 'm1', text: 'first' },
  })
  const effects: Effect[] = []
  facts.forEach((given, index) => {
    const [next, ...more] = reduceAgent(agent, { ...given, agentId: 'a1', at: (index + 1) * 1000 })
    agent = next
    effects.push(...more)
  })
  return { agent, effects }
}

/** Effects in few words: `open`, `open codex gpt`, `open s1 for c2`, `prompt m1`, `steer m2`, `answer p1`, `close kill`. */
export function words(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    if (effect.type === 'open') return openWords(effect)
    if (effect.type === 'close') return `close ${effect.mode}`
    if (effect.type !== 'send') return effect.type
    const { command } = effect
    if (command.type === 'prompt') return `prompt ${command.turnId}`
    if (command.type === 'steer') return `steer ${command.messageId}`
    return command.type === 'answer' ? `answer ${command.requestId} ${command.decision}` : command.type
  })
}

/** Describes an `open` effect. The only candidate of the pinned route is left out. */
function openWords({ candidate, resumeSessionId, actor }: Effect & { type: 'open' }): string {
  const name = candidate === pinned.current ? '' : ` ${formatCandidate(candidate)}`
  return `open${name}${resumeSessionId === undefined ? '' : ` ${resumeSessionId} for ${actor}`}`
}

/** The reports of an agent in few words: `1 turn m1`. */
export function reports(agent: Agent): string[] {
  return agent.reports.map((report) => {
    const of =
      report.type === 'turn' ? ` ${report.turnId}` : report.type === 'approval' ? ` ${report.requestId}` : ''
    return `${report.number} ${report.type}${of}`
  })
}
