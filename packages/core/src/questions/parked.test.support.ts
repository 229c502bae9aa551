import { noRules } from '@subagent-mcp/permissions'
import type { HandSession } from '@subagent-mcp/testkit'
import { answerPermission, type AnswerOrder } from './answer-permission.js'
import { createHandHouse, type HandHouse } from '../supervisor/manual-supervisor.test.support.js'
import { findAgent } from '../launch/launch.js'
import { askIn } from './questions.test.support.js'
import { readFact } from '../journal/read-fact.js'
import { askedQuestions } from '../agent/reports.js'
import type { Judge, Verdict } from './ruling.js'

/** A house with an agent that a person launched. */
export type Started = HandHouse & { id: string; session: HandSession }

export const minutes = 60_000
export const asks = { verdict: 'ask', by: 'preset ask', humanOnly: false } as const satisfies Verdict

/** A person. */
export function attend({ supervisor, clock }: HandHouse, caller = 'person'): void {
  const from = {
    caller,
    project: '/p',
    depth: 0,
    authority: { preset: 'accept-edits', rules: noRules },
  } as const
  supervisor.dispatch({ type: 'caller-connected', at: clock.now(), ...from, attended: true })
}

/** An agent that a person launched; its session can be resumed. */
export async function start(judge: Judge = () => asks): Promise<Started> {
  const house = createHandHouse(
    {},
    { answerWithin: 5 * minutes, idleCloseAfter: 10 * minutes, maxDepth: 2 },
    judge,
  )
  attend(house)
  const { id, session } = await house.launched('person')
  session.sink({ type: 'session-identified', sessionId: 's1' })
  return { ...house, id, session }
}

/** Nobody answers, and the agent ends its turn. */
export async function parked(judge?: Judge): Promise<Started> {
  const house = await start(judge)
  askIn(house.session)
  house.clock.advance(5 * minutes)
  house.session.finish('make waits for the answer')
  return house
}

/** The agent as it is now, the ids of its questions, and what a session was prompted. */
export const agentOf = ({ supervisor, id }: Started): ReturnType<typeof findAgent> =>
  findAgent(supervisor, id)
export const idsOf = (house: Started): string[] =>
  askedQuestions(agentOf(house)).map(({ requestId }) => requestId)
export const promptsIn = ({ sent }: HandSession): string[] =>
  sent.flatMap((command) => (command.type === 'prompt' ? [command.text] : []))

/** A person's yes to the oldest question, unless `more` says otherwise. */
export function answer({ supervisor, id }: Started, more: Partial<AnswerOrder> = {}): void {
  answerPermission(supervisor, {
    agentId: id,
    decision: 'allow',
    by: 'terminal',
    who: 'me',
    caller: 'person',
    ...more,
  })
}

/** The next supervisor, which knows what the first has journaled. */
export function restarted(dead: Started, judge?: Judge): Started {
  const next = createHandHouse({}, { answerWithin: 5 * minutes, maxDepth: 2 }, judge ?? (() => asks))
  const facts: unknown = JSON.parse(JSON.stringify(dead.journal.facts))
  if (!Array.isArray(facts)) throw new Error('no facts')
  next.supervisor.adopt(facts.flatMap((fact) => readFact(fact) ?? []))
  attend(next)
  return { ...next, id: dead.id, session: dead.session }
}
