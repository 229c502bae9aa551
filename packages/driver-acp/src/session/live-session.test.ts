import { systemClock, type Failure, type SessionEvent } from '@subagent-mcp/contract'
import type { JsonRpcOutcome } from '@subagent-mcp/driver-kit'
import { expect, test } from 'vitest'
import type { AcpAgentProcess } from '../agent/agent-process.js'
import type { AcpSessionChoices } from './choices.js'
import { createAcpConversation } from './conversation.js'
import { fakeAgentProfile } from '../fake-agents.test.support.js'
import { createLiveAcpSession } from './live-session.js'
import type { AcpRequest } from './requests.js'
import { createAcpSessionCleaner } from './session-cleaner.js'

/** Resets an ACP session whose agent gives this answer when the old session is closed. */
function resetIn(answer: JsonRpcOutcome, forbidden?: Failure) {
  const events: SessionEvent[] = []
  const faults: Failure[] = []
  const made: JsonRpcOutcome = { type: 'result', result: { sessionId: 'second' } }
  const agent: AcpAgentProcess = {
    ...{
      pid: undefined,
      mark: 'none',
      can: { load: true, close: true, image: true, http: false, sse: false },
    },
    request: ({ method }: AcpRequest) => Promise.resolve(method === 'session/new' ? made : answer),
    inSequence: (work) => work(),
    follow: () => () => undefined,
    ...{ carries: () => false, isQuiet: () => true, models: { listed: undefined } },
    ...{ notify: () => undefined, emptyLog: () => undefined, kill: () => undefined },
    ...{ stop: () => Promise.resolve(), gone: new Promise(() => undefined) },
  }
  const choices: AcpSessionChoices = {
    ...{ label: 'fake', cwd: '/', models: [], modelConfigId: undefined, model: undefined, mode: undefined },
    ...{ preamble: undefined, answers: 'asks' as const, servers: [], mark: 'mark', takesImages: true },
  }
  const live = createLiveAcpSession(createAcpConversation('first', choices), {
    ...{ agent, clock: systemClock, deadlineMs: 60_000 },
    cleaner: createAcpSessionCleaner(agent, fakeAgentProfile, { ephemeral: true, environment: {} }),
    sink: (event) => void events.push(event),
    forbidden: () => forbidden,
    onFault: (why) => void faults.push(why),
  })
  live.send({ type: 'reset' })
  return { events, faults }
}

test('a reset is done when the agent has put the session before it away', async () => {
  const { events, faults } = resetIn({ type: 'result', result: {} })
  await expect.poll(() => events.at(-1)?.type).toBe('conversation-reset')
  expect(faults).toEqual([])
})

test.each<[JsonRpcOutcome, string]>([
  [{ type: 'error', code: -1, message: 'no' }, 'bad-request'],
  [{ type: 'timed-out' }, 'timed-out'],
])('an ephemeral session ends that cannot be put away: %j', async (answer, reason) => {
  const { events, faults } = resetIn(answer)
  await expect.poll(() => faults).toMatchObject([{ reason }])
  expect(events.map(({ type }) => type)).toEqual(['session-identified'])
})

test('a session ends whose project has got files since for which no other may be made', () => {
  const refused: Failure = { reason: 'refused', message: 'its files have changed' }
  const { events, faults } = resetIn({ type: 'result', result: {} }, refused)
  expect(faults).toEqual([refused])
  expect(events).toEqual([])
})
