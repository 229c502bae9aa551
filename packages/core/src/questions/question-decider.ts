import { omitUndefined, type SessionEvent } from '@subagent-mcp/contract'
import { maskSecrets, type ToolCallDecision } from '@subagent-mcp/permissions'
import { formatToolCallWithInput } from '../agent/activity.js'
import type { UserPermissionPrompts } from './user-permission-prompts.js'
import type { Effect } from '../state/effect.js'
import { getCallerState } from '../state/agents-state.js'
import type { SupervisorLimits } from '../capacity/supervisor-limits.js'
import { findCallGrant } from './parked-questions.js'
import type { ToolCallJudge, ToolCallRuling } from './tool-call-ruling.js'
import { getAgentAuthority } from '../launch/session-rights.js'
import type { Supervisor } from '../supervisor/supervisor.js'

type RuleOptions = Pick<Supervisor, 'clock' | 'state'> & {
  judge: ToolCallJudge
  limits: SupervisorLimits
  prompts: Pick<UserPermissionPrompts, 'has'>
}
type Question = SessionEvent & { type: 'approval-requested' }

/** Returns a function that applies the policy to a question: the call is allowed or denied, or somebody is asked until a deadline. */
export function createQuestionDecider({ clock, state, judge, limits, prompts }: RuleOptions) {
  return (event: Question, { profile, candidate }: Effect & { type: 'open' }): ToolCallRuling => {
    const { cwd, source, project, caller } = profile
    const about = { provider: candidate.provider, cwd, project, ...omitUndefined({ source }) }
    const verdict = judgeOrAskPerson(judge, event, { ...about, authority: getAgentAuthority(profile) })
    if (verdict.verdict !== 'ask') return verdict
    // An agent cannot allow its own agents what it may not do itself: then only a person can answer.
    const { authority } = getCallerState(state(), caller, project)
    const isForModel =
      profile.depth === 1 || judgeOrAskPerson(judge, event, { ...about, authority }).verdict === 'allow'
    const isForPerson = verdict.humanOnly || !isForModel
    const isHidden = !isForPerson && isMasked(event)
    const humanOnly = isForPerson || isHidden
    const agent = state().agents.get(profile.id)
    const granted = agent && findCallGrant(agent, event)
    // A grant of a model does not count if only a person may allow the call now.
    if (granted && (granted.byPerson || !humanOnly))
      return { verdict: 'allow', by: `${granted.who} allowed it before`, granted: true }
    return {
      ...verdict,
      ...(isHidden && {
        by: `${verdict.by}; a secret in it is masked, so that a model cannot read all of it`,
      }),
      humanOnly,
      ...(limits.answerWithin < Infinity && { until: clock.now() + limits.answerWithin }),
      ...(prompts.has(caller) && { shownTo: caller }),
    }
  }
}

/** Whether the call contains a secret. Models then see only a part of the call, because the secret is masked. */
function isMasked(event: Question): boolean {
  const call = formatToolCallWithInput(event)
  return [call, call.replace(/\s+/g, ' ')].some((text) => maskSecrets(text) !== text)
}

/** Asks the policy. If the policy fails, only a person may allow the call. */
export function judgeOrAskPerson(
  judge: ToolCallJudge,
  ...[event, about]: Parameters<ToolCallJudge>
): ToolCallDecision {
  try {
    return judge(event, about)
  } catch (error) {
    return { verdict: 'ask', by: `the policy failed: ${String(error)}`, humanOnly: true }
  }
}
