import type { SessionEvent } from '@subagent-mcp/contract'
import { maskSecrets, type Decision } from '@subagent-mcp/permissions'
import { describeCall } from '../agent/activity.js'
import type { UserPrompts } from './user-prompts.js'
import type { Effect } from '../state/effect.js'
import { callerOf } from '../state/agents-state.js'
import type { SupervisorLimits } from '../capacity/limits.js'
import { grantFor } from './parked.js'
import type { Judge, Ruling } from './ruling.js'
import { authorityOf } from '../launch/session-rights.js'
import type { Supervisor } from '../supervisor/supervisor.js'

type RuleOptions = Pick<Supervisor, 'clock' | 'fleet'> & {
  judge: Judge
  limits: SupervisorLimits
  prompts: Pick<UserPrompts, 'has'>
}
type Question = SessionEvent & { type: 'approval-requested' }

/** What comes in with a question: what the policy says, until when it waits, and whose user is asked first. */
export function createQuestionRuler({ clock, fleet, judge, limits, prompts }: RuleOptions) {
  return (event: Question, { profile, candidate }: Effect & { type: 'open' }): Ruling => {
    const { cwd, project, caller } = profile
    const about = { provider: candidate.provider, cwd, project }
    const verdict = judgeSafely(judge, event, { ...about, authority: authorityOf(profile) })
    if (verdict.verdict !== 'ask') return verdict
    // What an agent may not do itself it cannot allow to its own agents: its wait is for a person then.
    const { authority } = callerOf(fleet(), caller, project)
    const isForModel =
      profile.depth === 1 || judgeSafely(judge, event, { ...about, authority }).verdict === 'allow'
    const isForPerson = verdict.humanOnly || !isForModel
    const isHidden = !isForPerson && isMasked(event)
    const humanOnly = isForPerson || isHidden
    const agent = fleet().agents.get(profile.id)
    const granted = agent && grantFor(agent, event)
    // What was asked of a model then may be for a person alone by now.
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

/**
 * Whether a model is shown less of a call than it does: behind a word for a secret there may be a command. The white
 * space of what is shown is shortened.
 */
function isMasked(event: Question): boolean {
  const call = describeCall(event)
  return [call, call.replace(/\s+/g, ' ')].some((text) => maskSecrets(text) !== text)
}

/** A policy that fails lets nothing pass, and keeps nobody from asking a person. */
export function judgeSafely(judge: Judge, ...[event, about]: Parameters<Judge>): Decision {
  try {
    return judge(event, about)
  } catch (error) {
    return { verdict: 'ask', by: `the policy failed: ${String(error)}`, humanOnly: true }
  }
}
