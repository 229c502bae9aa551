import { noPermissionRules } from '@subagent-mcp/permissions'
import type { ManualSession } from '@subagent-mcp/testkit'
import { answerPermission, type PermissionAnswerOptions } from './answer-permission.js'
import {
  createManualSupervisor,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { askIn } from './questions.test.support.js'
import { parseJournaledFact } from '../journal/parse-journaled-fact.js'
import { listAnswerableQuestions } from '../agent/reports.js'
import type { ToolCallJudge, ToolCallRuling } from './tool-call-ruling.js'

/** A manual supervisor with an agent that a person launched, and its session. */
export type Started = ManualSupervisor & { id: string; session: ManualSession }

export const minutes = 60_000
export const asks = { verdict: 'ask', by: 'preset ask', humanOnly: false } as const satisfies ToolCallRuling

/** Connects a caller that a person uses. */
export function attend({ supervisor, clock }: ManualSupervisor, caller = 'person'): void {
  const from = {
    caller,
    project: '/p',
    depth: 0,
    authority: { preset: 'accept-edits', rules: noPermissionRules },
  } as const
  supervisor.dispatch({ type: 'caller-connected', at: clock.now(), ...from, attended: true })
}

/** Creates a supervisor with an agent that a person launched, and whose session can be resumed. */
export async function start(judge: ToolCallJudge = () => asks): Promise<Started> {
  const manual = createManualSupervisor(
    {},
    { answerWithin: 5 * minutes, idleCloseAfter: 10 * minutes, maxDepth: 2 },
    judge,
  )
  attend(manual)
  const { id, session } = await manual.launched('person')
  session.sink({ type: 'session-identified', sessionId: 's1' })
  return { ...manual, id, session }
}

/** An agent with a parked question: the question expired, and the turn has ended. */
export async function parked(judge?: ToolCallJudge): Promise<Started> {
  const manual = await start(judge)
  askIn(manual.session)
  manual.clock.advance(5 * minutes)
  manual.session.finish('make waits for the answer')
  return manual
}

/** The current state of the started agent. */
export const agentOf = ({ supervisor, id }: Started): ReturnType<typeof findAgentByIdOrName> =>
  findAgentByIdOrName(supervisor, id)
export const idsOf = (manual: Started): string[] =>
  listAnswerableQuestions(agentOf(manual)).map(({ requestId }) => requestId)
export const promptsIn = ({ sent }: ManualSession): string[] =>
  sent.flatMap((command) => (command.type === 'prompt' ? [command.text] : []))

/** Answers the oldest question: a person allows it in the terminal, unless `more` differs. */
export function answer({ supervisor, id }: Started, more: Partial<PermissionAnswerOptions> = {}): void {
  answerPermission(supervisor, {
    agentId: id,
    decision: 'allow',
    by: 'terminal',
    who: 'me',
    caller: 'person',
    ...more,
  })
}

/** A new supervisor that takes over what the dead one has journaled. */
export function restarted(dead: Started, judge?: ToolCallJudge): Started {
  const next = createManualSupervisor({}, { answerWithin: 5 * minutes, maxDepth: 2 }, judge ?? (() => asks))
  const facts: unknown = JSON.parse(JSON.stringify(dead.journal.facts))
  if (!Array.isArray(facts)) throw new Error('no facts')
  next.supervisor.adopt(facts.flatMap((fact) => parseJournaledFact(fact) ?? []))
  attend(next)
  return { ...next, id: dead.id, session: dead.session }
}
