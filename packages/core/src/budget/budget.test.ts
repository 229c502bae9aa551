import { Budget } from '@subagent-mcp/api'
import type { TurnUsage } from '@subagent-mcp/contract'
import { noPermissionRules } from '@subagent-mcp/permissions'
import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import { findAgentFailure, computeAgentStatus } from '../agent/agent-view.js'
import { loadCurrentTurnText } from '../journal/turn-text.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { sendMessage } from '../requests/send-message.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  waitSummary,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'

type Launched = { id: string; session: ManualSession }

/** Launches an agent whose session opens and can be resumed. `pid`: its process. */
async function launched(
  manual: ManualSupervisor,
  budget?: Budget,
  { caller = 'me', pid }: { caller?: string; pid?: number } = {},
): Promise<Launched> {
  const { agent } = launchSupervisedAgent(manual.supervisor, caller, {
    ...launchRequest,
    ...(budget && { budget }),
  })
  return { id: agent.profile.id, session: await opened(manual, pid) }
}

async function opened({ driver }: ManualSupervisor, pid?: number): Promise<ManualSession> {
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  const { send, close } = driverSession(session)
  await session.open({ type: 'opened', session: { send, close }, resumable: true, ...(pid && { pid }) })
  session.sink({ type: 'session-identified', sessionId: `s${driver.sessions.length}` })
  return session
}

function driverSession({ sent, sink }: ManualSession) {
  return {
    send: (command: ManualSession['sent'][number]) => void sent.push(command),
    close: () => {
      sink({ type: 'session-closed' })
      return Promise.resolve()
    },
  }
}

/** Reports usage of the running turn. */
function use({ sent, sink }: ManualSession, usage: TurnUsage): void {
  sink({ type: 'usage-advanced', turnId: turnOf(sent), usage })
}

function turnOf(sent: ManualSession['sent']): string {
  return sent.findLast((command) => command.type === 'prompt')?.turnId ?? ''
}

/** Ends the turn as the CLI does after an interrupt. */
function interrupted({ sent, sink }: ManualSession): void {
  sink({ type: 'turn-ended', turnId: turnOf(sent), outcome: { type: 'interrupted' } })
}

const isInterrupted = ({ sent }: ManualSession): boolean => sent.some(({ type }) => type === 'interrupt')

const failureOf = ({ supervisor }: ManualSupervisor, id: string) =>
  findAgentFailure(findAgentByIdOrName(supervisor, id))

/** Connects the agent in the process `pid` as a caller. */
function connectAgent({ supervisor }: ManualSupervisor, caller: string, pid: number): void {
  const place = {
    project: '/p',
    depth: 1,
    authority: { preset: 'accept-edits', rules: noPermissionRules },
    folder: '/p',
  } as const
  supervisor.dispatch({
    type: 'caller-connected',
    at: 0,
    caller,
    ...place,
    process: { mark: `m${pid}`, pid },
  })
}

describe('a budget', () => {
  test.each<[string, Budget, TurnUsage, spent: boolean]>([
    ['tokens below', { tokens: 100 }, { inputTokens: 90, outputTokens: 9 }, false],
    ['tokens at the limit', { tokens: 100 }, { inputTokens: 90, outputTokens: 10 }, true],
    ['usd below', { usd: 0.5 }, { costUsd: 0.49 }, false],
    ['usd above', { usd: 0.5 }, { costUsd: 0.6 }, true],
    ['an unknown cost', { usd: 0.5, tokens: 1e9 }, { inputTokens: 1e6 }, false],
    ['one of several', { usd: 0.5, tokens: 1e3 }, { inputTokens: 1e6 }, true],
  ])('%s', async (_, budget, usage, spent) => {
    const manual = createManualSupervisor()
    const { session } = await launched(manual, budget)
    use(session, usage)
    expect(isInterrupted(session)).toBe(spent)
  })

  test('names what was spent, keeps what was said, and goes on in the same session with more', async () => {
    const manual = createManualSupervisor()
    const { id, session } = await launched(manual, { tokens: 100 })
    session.sink({ type: 'message-ended', text: 'half of it' })
    use(session, { inputTokens: 120, outputTokens: 3 })
    interrupted(session)
    expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'turn']] })
    expect(failureOf(manual, id)).toMatchObject({
      reason: 'budget-spent',
      message: 'its budget of 100 tokens is spent: 123 tokens used',
    })
    expect(failureOf(manual, id)?.hint).toContain(`send ${id} --budget-tokens 246 "go on"`)
    expect(loadCurrentTurnText(manual.supervisor, findAgentByIdOrName(manual.supervisor, id))).toBe(
      'half of it',
    )
    const send = (budget?: Budget) =>
      sendMessage(manual.supervisor, {
        ...{ agentId: id, text: 'go on', steer: false, caller: 'me' },
        ...(budget && { budget }),
      })
    expect([codeOf(() => send()), codeOf(() => send({ tokens: 123 }))]).toEqual([
      'budget-spent',
      'budget-spent',
    ])
    expect(send({ tokens: 200 })).toEqual({ type: 'resumed' })
    const next = await opened(manual)
    expect(next.spec.resumeSessionId).toBe('s1')
    expect(next.sent).toMatchObject([
      {
        text: 'Note: your last turn was interrupted because its budget of 100 tokens is spent: 123 tokens used. There is more now.\n\ngo on',
      },
    ])
    use(next, { inputTokens: 76 })
    expect(isInterrupted(next)).toBe(false)
    use(next, { inputTokens: 77 })
    expect(isInterrupted(next)).toBe(true)
  })

  test('of minutes counts the time of turns, and nothing between them', async () => {
    const manual = createManualSupervisor()
    const { id, session } = await launched(manual, { minutes: 10 })
    manual.clock.advance(6 * 60_000)
    session.finish()
    manual.clock.advance(60 * 60_000)
    sendMessage(manual.supervisor, { agentId: id, text: 'more', steer: false, caller: 'me' })
    manual.clock.advance(4 * 60_000 - 1)
    expect(isInterrupted(session)).toBe(false)
    manual.clock.advance(1)
    expect(isInterrupted(session)).toBe(true)
    interrupted(session)
    expect(failureOf(manual, id)?.message).toBe('its budget of 10 minutes is spent: 10 minutes used')
  })

  test('that the last report of a turn spends keeps the answer, and refuses the next message', async () => {
    const manual = createManualSupervisor()
    const { id, session } = await launched(manual, { tokens: 100 })
    use(session, { inputTokens: 120 })
    session.finish('all of it')
    const agent = findAgentByIdOrName(manual.supervisor, id)
    expect(agent.turns).toMatchObject([{ text: 'all of it', spent: { limit: 'tokens', used: 120 } }])
    expect(computeAgentStatus(agent, { now: 0, stalledAfter: Infinity })).toBe('finished')
    const send = () => sendMessage(manual.supervisor, { agentId: id, text: 'x', steer: false, caller: 'me' })
    expect(codeOf(send)).toBe('budget-spent')
  })

  test('counts and stops what the agent launched, and refuses further launches', async () => {
    const manual = createManualSupervisor({}, { maxDepth: 5 })
    const parent = await launched(manual, { tokens: 100 }, { pid: 7 })
    connectAgent(manual, 'child-of-7', 7)
    const [one, two] = [
      await launched(manual, undefined, { caller: 'child-of-7' }),
      await launched(manual, { tokens: 1_000 }, { caller: 'child-of-7' }),
    ]
    use(parent.session, { inputTokens: 40 })
    use(one.session, { inputTokens: 30 })
    use(two.session, { inputTokens: 29 })
    expect([parent, one, two].map(({ session }) => isInterrupted(session))).toEqual([false, false, false])
    use(two.session, { inputTokens: 30 })
    expect([parent, one, two].map(({ session }) => isInterrupted(session))).toEqual([true, true, true])
    interrupted(one.session)
    expect(failureOf(manual, one.id)?.message).toBe(
      `the budget of agent ${parent.id}, which it counts to, of 100 tokens is spent: 100 tokens used`,
    )
    const again = () => launchSupervisedAgent(manual.supervisor, 'child-of-7', launchRequest)
    expect(codeOf(again)).toBe('budget-spent')
    expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', launchRequest))).toBe('no error')
  })

  test('counts a reviewer of the work, also after its deletion, and refuses one that has no budget left', async () => {
    const manual = createManualSupervisor({}, { maxDepth: 5 })
    const worker = await launched(manual, { tokens: 100 })
    const request = { ...launchRequest, prompt: 'judge it', reviewOf: worker.id }
    const { agent: reviewer } = launchSupervisedAgent(manual.supervisor, 'me', request)
    const session = await opened(manual)
    use(session, { inputTokens: 60 })
    session.finish('fine')
    session.sink({ type: 'session-closed' })
    manual.supervisor.dispatch({ type: 'agents-pruned', at: 0, agentIds: [reviewer.profile.id] })
    use(worker.session, { inputTokens: 39 })
    expect(isInterrupted(worker.session)).toBe(false)
    use(worker.session, { inputTokens: 40 })
    expect(isInterrupted(worker.session)).toBe(true)
    expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', request))).toBe('budget-spent')
  })

  test('counts deleted agents too, also after a restart', async () => {
    const [manual, next] = [
      createManualSupervisor({}, { maxDepth: 5 }),
      createManualSupervisor({}, { maxDepth: 5 }),
    ]
    const parent = await launched(manual, { tokens: 100 }, { pid: 7 })
    connectAgent(manual, 'child-of-7', 7)
    const child = await launched(manual, undefined, { caller: 'child-of-7' })
    use(child.session, { inputTokens: 70 })
    child.session.finish()
    child.session.sink({ type: 'session-closed' })
    manual.supervisor.dispatch({ type: 'agents-pruned', at: 0, agentIds: [child.id] })
    use(parent.session, { inputTokens: 29 })
    expect(isInterrupted(parent.session)).toBe(false)
    const facts: typeof manual.journal.facts = structuredClone(manual.journal.facts)
    use(parent.session, { inputTokens: 30 })
    expect(isInterrupted(parent.session)).toBe(true)
    next.supervisor.adopt(facts)
    const send = () => {
      sendMessage(next.supervisor, {
        agentId: parent.id,
        text: 'x',
        steer: false,
        caller: 'me',
        budget: { tokens: 99 },
      })
    }
    expect(codeOf(send)).toBe('budget-spent')
  })

  test('is checked after a restart, from the journaled facts', async () => {
    const [manual, next] = [createManualSupervisor(), createManualSupervisor()]
    const { id, session } = await launched(manual, { tokens: 100 })
    session.sink({ type: 'message-ended', text: 'something' })
    const { sent, sink } = session
    sink({ type: 'usage-advanced', turnId: turnOf(sent), usage: { inputTokens: 100 } })
    // The daemon was killed before the interrupt was journaled.
    next.supervisor.adopt(manual.journal.facts.filter(({ type }) => type !== 'budget-spent'))
    const send = (budget?: Budget) =>
      sendMessage(next.supervisor, {
        agentId: id,
        text: 'x',
        steer: false,
        caller: 'me',
        ...(budget && { budget }),
      })
    expect(codeOf(() => send())).toBe('budget-spent')
    expect(send({ tokens: 101 })).toEqual({ type: 'resumed' })
  })

  test('in usd alone is refused where the cost is unknown', () => {
    const manual = createManualSupervisor()
    manual.driver.abilities = { ...manual.driver.abilities, costs: false }
    const start = (budget: Budget) => () =>
      launchSupervisedAgent(manual.supervisor, 'me', { ...launchRequest, budget })
    expect(start({ usd: 1 })).toThrow(
      'the cost of claude is unknown, so a budget of usd alone cannot be kept',
    )
    expect(codeOf(start({ usd: 1, minutes: 5 }))).toBe('no error')
  })

  test.each([
    [{ usd: 0 }, 'usd must be more than 0'],
    [{ tokens: -1 }, 'tokens must be more than 0'],
    [{ minutes: Infinity }, 'number'],
    [{ hours: 1 }, 'hours'],
  ])('of %o is an error', (budget, message) => {
    const read = Budget.safeParse(budget)
    expect(read.error?.issues.map((issue) => issue.message).join()).toContain(message)
  })
})
