import type { Failure } from '@subagent-mcp/contract'
import {
  findAgentFailure,
  computeAgentStatus,
  connectCaller,
  createMemoryJournal,
  createSupervisor,
  findAgentByIdOrName,
  launchSupervisedAgent,
  pruneAgents,
  findUsageLimitEnding,
  stopAgent,
  summarizeAgent,
  computeWaitOutcome,
  type LaunchRequest,
} from '@subagent-mcp/core'
import {
  createManualClock,
  createManualDriver,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { continueRestingAgents } from './continue-resting-agents.js'

const clock = createManualClock()
const hour = 3_600_000

/** A supervisor whose resting agents are continued, on the journal of an earlier one if it is given. */
function started(journal = createMemoryJournal()) {
  const [claude, codex] = [createManualDriver('claude'), createManualDriver('codex')]
  const supervisor = createSupervisor({ drivers: [claude, codex], clock, journal })
  const known = new Set<string>()
  const continuing = continueRestingAgents({
    ...{ supervisor, history: journal.history, log: () => undefined },
    environments: { of: () => ({}), has: (caller) => known.has(caller) },
  })
  const connect = (caller: string): void => {
    known.add(caller)
    connectCaller(supervisor, { caller, project: '/nowhere' })
  }
  return { supervisor, journal, claude, codex, continuing, connect }
}

type Started = ReturnType<typeof started>

async function openNewest({ sessions }: ManualDriver, sessionId: string): Promise<ManualSession> {
  await expect.poll(() => sessions.length).toBeGreaterThan(0)
  const session = sessions.at(-1)
  if (!session) throw new Error('no session')
  const { sent, sink } = session
  const close = (): Promise<void> => {
    sink({ type: 'session-closed' })
    return Promise.resolve()
  }
  await session.open({
    type: 'opened',
    session: { send: (command) => void sent.push(command), close },
    resumable: true,
  })
  sink({ type: 'session-identified', sessionId })
  return session
}

const limited = (resetsAt?: number): Failure => ({
  ...{ reason: 'rate-limited', message: 'at its limit' },
  ...(resetsAt !== undefined && { resetsAt }),
})

/** Launches an agent on Claude whose turn says something, calls a tool, and fails. */
async function cutOff(stage: Started, order: Partial<LaunchRequest>, failure: Failure): Promise<string> {
  stage.connect('host')
  const request = {
    prompt: 'build it',
    cwd: '/nowhere',
    category: 'mechanical',
    prefer: 'claude',
    ...order,
  } as const
  const { id } = launchSupervisedAgent(stage.supervisor, 'host', request).agent.profile
  const session = await openNewest(stage.claude, 's1')
  session.sink({ type: 'message-ended', text: 'half is built' })
  session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: { command: 'make half' } })
  fail(session, failure)
  return id
}

function fail({ sent, sink }: ManualSession, failure: Failure): void {
  sink({ type: 'turn-ended', turnId: lastPrompt(sent).turnId, outcome: { type: 'failed', failure } })
}

function lastPrompt(sent: ManualSession['sent']) {
  const prompt = sent.findLast((command) => command.type === 'prompt')
  if (!prompt) throw new Error('no prompt')
  return prompt
}

const statusOf = ({ supervisor }: Started, id: string): string =>
  computeAgentStatus(findAgentByIdOrName(supervisor, id), { now: clock.now(), stalledAfter: Infinity })

test.each<[LaunchRequest['onLimit'], Failure, pauseMs: number | undefined]>([
  [undefined, limited(clock.now() + hour), hour],
  [undefined, limited(), undefined],
  [undefined, { reason: 'overloaded', message: 'busy' }, undefined],
  ['wait', limited(clock.now() + hour), hour],
  ['wait', limited(), 60_000],
  ['wait', { reason: 'overloaded', message: 'busy' }, 60_000],
  ['wait', { reason: 'connection-lost', message: 'gone' }, 60_000],
  ['wait', { reason: 'bad-request', message: 'no' }, undefined],
  ['fail', limited(clock.now() + hour), undefined],
])('with %s after %o it pauses %s ms', async (onLimit, failure, pauseMs) => {
  const stage = started()
  const id = await cutOff(stage, onLimit ? { onLimit } : {}, failure)
  const agent = findAgentByIdOrName(stage.supervisor, id)
  expect(findUsageLimitEnding(agent)?.until).toBe(pauseMs && clock.now() + pauseMs)
  expect(findAgentFailure(agent)?.reason).toBe(pauseMs === undefined ? failure.reason : undefined)
  expect(agent.reports.length).toBe(pauseMs === undefined ? 1 : 0)
})

test('wait: the same session goes on after the limit, also in the next daemon, once a host of the project is there', async () => {
  const first = started()
  const id = await cutOff(first, {}, limited(clock.now() + hour))
  expect(statusOf(first, id)).toBe('queued')
  const { waitsUntil, waitsFor } = summarizeAgent(findAgentByIdOrName(first.supervisor, id), {
    now: 0,
    stalledAfter: Infinity,
  })
  expect([waitsUntil, waitsFor]).toEqual([clock.now() + hour, 'at its limit'])
  expect(computeWaitOutcome(first.supervisor.state(), { caller: 'host', until: 'any' }).done).toBe(false)
  expect(pruneAgents(first.supervisor, {})).toEqual([])
  first.continuing.stop()
  const next = started(first.journal)
  next.supervisor.adopt(first.journal.history.read({ limit: 1_000 }).facts.map(({ fact }) => fact))
  next.continuing.look()
  clock.advance(hour)
  expect(next.claude.sessions).toEqual([])
  next.connect('other host')
  await expect.poll(() => next.claude.sessions.length).toBe(1)
  const session = await openNewest(next.claude, 's1')
  expect(session.spec.resumeSessionId).toBe('s1')
  expect(lastPrompt(session.sent).text).toMatch(/^Automatic notice: your last turn was cut off/)
  session.finish('all is built')
  const agent = findAgentByIdOrName(next.supervisor, id)
  expect(agent.turns.map(({ outcome }) => outcome.type)).toEqual(['failed', 'completed'])
  expect(agent.reports).toEqual([expect.objectContaining({ type: 'turn', number: 1 })])
  next.continuing.stop()
})

test('wait: an outage is tried again after longer and longer pauses', async () => {
  const stage = started()
  const outage: Failure = { reason: 'overloaded', message: 'busy' }
  const id = await cutOff(stage, { onLimit: 'wait' }, outage)
  for (const minutes of [1, 2, 4]) {
    const before = stage.claude.sessions.length
    clock.advance(minutes * 60_000 - 1)
    expect(stage.claude.sessions.length).toBe(before)
    clock.advance(1)
    await expect.poll(() => stage.claude.sessions.length).toBe(before + 1)
    fail(await openNewest(stage.claude, 's1'), outage)
  }
  expect(statusOf(stage, id)).toBe('queued')
  stage.continuing.stop()
})

test('continue: the next provider gets the task, what was done, and no report is sent in between', async () => {
  const stage = started()
  const id = await cutOff(stage, { onLimit: 'continue' }, limited(clock.now() + hour))
  await expect.poll(() => stage.codex.sessions.length).toBe(1)
  const session = await openNewest(stage.codex, 'x1')
  expect(session.spec).toMatchObject({ cwd: '/nowhere' })
  expect(session.spec.resumeSessionId).toBeUndefined()
  const { text } = lastPrompt(session.sent)
  expect(text).toContain('# Task\nbuild it')
  expect(text).toContain('# Done so far\nhalf is built\n- Bash {"command":"make half"}')
  expect(text).toContain('# Uncommitted changes\nnot known: ')
  session.finish('all is built')
  const { route, reports } = findAgentByIdOrName(stage.supervisor, id)
  const tried = route.attempts.find((attempt) => attempt.tried)
  expect(tried?.candidate.provider).toBe('claude')
  expect(reports.length).toBe(1)
  stage.continuing.stop()
})

test('continue: without another candidate it waits', async () => {
  const stage = started()
  const order = { onLimit: 'continue', provider: 'claude', model: 'opus' } as const
  const { prefer: _, ...pinned } = { prefer: 'claude', ...order }
  stage.connect('host')
  const { id } = launchSupervisedAgent(stage.supervisor, 'host', { prompt: 'x', cwd: '/nowhere', ...pinned })
    .agent.profile
  const session = await openNewest(stage.claude, 's1')
  session.sink({ type: 'message-ended', text: 'half' })
  fail(session, limited(clock.now() + hour))
  expect(findUsageLimitEnding(findAgentByIdOrName(stage.supervisor, id))).toMatchObject({
    until: clock.now() + hour,
  })
  await stopAgent(stage.supervisor, 'host', id)
  expect(statusOf(stage, id)).toBe('stopped')
  clock.advance(2 * hour)
  expect(stage.claude.sessions.length).toBe(1)
  stage.continuing.stop()
})
