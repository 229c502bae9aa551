import { expect, test } from 'vitest'
import type { Agent } from '../agent/agent.js'
import { computeAgentStatus } from '../agent/agent-view.js'
import { loadCurrentTurnText } from '../journal/turn-text.js'
import {
  createManualSupervisor,
  waitSummary,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { answerPermission } from '../questions/answer-permission.js'
import { sendMessage } from '../requests/send-message.js'

/** A supervisor that was killed, and another one that takes over what the first has journaled. */
async function lived(
  live: (manual: ManualSupervisor) => Promise<void>,
): Promise<{ dead: ManualSupervisor; next: ManualSupervisor }> {
  const [dead, next] = [createManualSupervisor(), createManualSupervisor()]
  await live(dead)
  adopt(next, dead)
  return { dead, next }
}

function adopt(next: ManualSupervisor, { journal }: ManualSupervisor, upTo = journal.facts.length): void {
  const copy: typeof journal.facts = structuredClone(journal.facts.slice(0, upTo))
  next.journal.facts.push(...copy)
  next.supervisor.adopt(copy)
}

const statusOf = (agent: Agent): string => computeAgentStatus(agent, { now: 0, stalledAfter: Infinity })

async function busyLife(manual: ManualSupervisor): Promise<void> {
  const [one, two] = [await manual.launched(), await manual.launched()]
  one.session.sink({ type: 'session-identified', sessionId: 's1' })
  one.session.sink({ type: 'text-delta', text: 'half' })
  one.session.sink({ type: 'message-ended', text: 'half a word' })
  two.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
  answerPermission(manual.supervisor, { agentId: two.id, decision: 'allow', by: 'http', who: 'me' })
  two.session.sink({ type: 'usage-reported', turnId: 'x', usage: { inputTokens: 1 } })
  two.session.finish('two is done')
  sendMessage(manual.supervisor, { agentId: two.id, text: 'more', steer: false, caller: 'me' })
  two.session.sink({ type: 'text-delta', text: 'and' })
  manual.clock.advance(1_000)
}

test('replayed facts give the same state, and open agents are interrupted with their text so far', async () => {
  const { dead, next } = await lived(busyLife)
  const before = [...dead.supervisor.state().agents.values()]
  const after = [...next.supervisor.state().agents.values()]
  expect(after.map(statusOf)).toEqual(['interrupted', 'interrupted'])
  expect(after.map((agent) => loadCurrentTurnText(next.supervisor, agent))).toEqual(['half a word', 'and'])
  expect(after.map(({ profile, inbox, session }) => ({ profile, inbox, session }))).toEqual(
    before.map(({ profile, inbox, session }) => ({ profile, inbox, session })),
  )
  const { text: _, ...turn } = before[1]?.turns[0] ?? {}
  expect(after[1]?.turns[0]).toEqual(turn)
  expect(next.driver.sessions).toEqual([])
})

test('after a crash between any two facts, each agent is in a valid state and accepts further facts', async () => {
  const { dead } = await lived(busyLife)
  for (let upTo = 0; upTo <= dead.journal.facts.length; upTo += 1) {
    const next = createManualSupervisor()
    adopt(next, dead, upTo)
    for (const agent of next.supervisor.state().agents.values()) {
      expect(['interrupted', 'finished'], `after ${upTo} facts`).toContain(statusOf(agent))
      expect(agent.phase.status).toBe('ended')
    }
  }
})

test('the next caller gets reports that no caller has received, once', async () => {
  const { next } = await lived(async (manual) => {
    const { session } = await manual.launched()
    session.finish('first')
    await manual.waiting()
    const { session: second } = await manual.launched()
    second.finish('second')
  })
  next.connect('me')
  expect(await waitSummary(next.waiting())).toMatchObject({ news: [['a4', 'turn']] })
  expect(await waitSummary(next.waiting())).toMatchObject({ news: [] })
})

test('an interrupted agent continues in its own session, in the environment of the caller that sends a message', async () => {
  const { next } = await lived(busyLife)
  const message = { agentId: 'a1', text: 'go on', steer: false, caller: 'me' }
  expect(sendMessage(next.supervisor, message)).toEqual({ type: 'resumed' })
  const session = await next.opened()
  expect(session.spec).toMatchObject({ resumeSessionId: 's1' })
  expect(session.sent).toMatchObject([{ type: 'prompt', text: 'go on' }])
  expect(findAgentByIdOrName(next.supervisor, 'a1').actor).toBe('me')
})

test('a recovery is journaled, so that the next supervisor knows it, too', async () => {
  const { dead, next } = await lived(busyLife)
  const own = next.journal.facts.slice(dead.journal.facts.length)
  expect(own.map(({ type }) => type)).toEqual(['recovered', 'recovered'])
})
