import type { SessionEvent } from '@subagent-mcp/contract'
import { beforeEach, expect, test } from 'vitest'
import {
  createManualSupervisor,
  codeOf,
  launchRequest,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { sendMessage } from '../requests/send-message.js'
import { parseJournaledFact } from './parse-journaled-fact.js'

let manual: ManualSupervisor
let sink: (event: SessionEvent) => void
let id: string

beforeEach(async () => {
  manual = createManualSupervisor()
  const launched = await manual.launched()
  id = launched.id
  sink = launched.session.sink
  manual.journal.facts.length = 0
})

/** The journaled facts in few words: types, and the text of streamed pieces. */
function written(): string[] {
  return manual.journal.facts.map((fact) => {
    if (fact.type !== 'session-event-received') return fact.type
    return fact.event.type === 'text-delta' ? `text ${fact.event.text}` : fact.event.type
  })
}

test('pieces of text are one row a second, before whatever follows', () => {
  sink({ type: 'text-delta', text: 'a' })
  sink({ type: 'text-delta', text: 'b' })
  expect(written()).toEqual([])
  manual.clock.advance(1_000)
  expect(written()).toEqual(['text ab'])
  sink({ type: 'text-delta', text: 'c' })
  sink({ type: 'tool-started', callId: '1', tool: 'Bash', input: {} })
  expect(written()).toEqual(['text ab', 'text c', 'tool-started'])
})

test('a whole message needs none of its pieces', () => {
  sink({ type: 'text-delta', text: 'a' })
  sink({ type: 'message-ended', text: 'ab' })
  manual.clock.advance(1_000)
  expect(written()).toEqual(['message-ended'])
})

test('the usage of a turn is written in one transaction with the end of the turn', () => {
  const appended = manual.journal.appends
  sink({ type: 'text-delta', text: 'a' })
  sink({ type: 'usage-reported', turnId: 'm1', usage: { outputTokens: 2 } })
  sink({ type: 'turn-ended', turnId: 'm1', outcome: { type: 'completed', answer: 'a' } })
  expect(written()).toEqual(['text a', 'usage-reported', 'turn-ended'])
  expect(manual.journal.appends).toBe(appended + 1)
})

test('usage that nothing follows is written after a second', () => {
  sink({ type: 'usage-reported', turnId: 'm1', usage: { outputTokens: 2 } })
  expect(written()).toEqual([])
  manual.clock.advance(1_000)
  expect(written()).toEqual(['usage-reported'])
})

test('of the thinking only the first sign is kept, as it decides a failover', () => {
  sink({ type: 'thinking-advanced' })
  sink({ type: 'thinking-advanced' })
  expect(written()).toEqual(['thinking-advanced'])
})

test('a long output is cut', () => {
  sink({ type: 'tool-ended', callId: '1', failed: false, output: 'x'.repeat(20_000) })
  const [fact] = manual.journal.facts
  expect(JSON.stringify(fact).length).toBeLessThan(17_000)
})

test('with a full disk a request is refused and has no effect; facts that happened anyway are written later', () => {
  manual.journal.full = true
  const { size } = manual.supervisor.state().agents
  expect(codeOf(() => launchSupervisedAgent(manual.supervisor, 'me', launchRequest))).toBe('io-failed')
  const message = { agentId: id, text: 'on', steer: false, caller: 'me' }
  expect(codeOf(() => sendMessage(manual.supervisor, message))).toBe('io-failed')
  expect(manual.supervisor.state().agents.size).toBe(size)
  expect(findAgentByIdOrName(manual.supervisor, id).inbox).toEqual([])
  sink({ type: 'message-ended', text: 'done' })
  manual.journal.full = false
  sink({ type: 'notice', text: 'too early' })
  expect(written()).toEqual([])
  manual.clock.advance(1_000)
  sink({ type: 'notice', text: 'room again' })
  expect(written()).toEqual(['message-ended', 'notice', 'notice'])
})

test('listeners get a fact with its number before the facts that it led to', async () => {
  const heard: (readonly [string, number | undefined])[] = []
  manual.supervisor.subscribe((fact, seq) => heard.push([fact.type, seq]))
  await manual.launched()
  const durable = heard.filter(([, seq]) => seq !== undefined)
  expect(durable.map(([type]) => type)).toEqual(['launch-requested', 'slot-granted', 'session-opened'])
  expect(durable.map(([, seq]) => seq)).toEqual([1, 2, 3])
  expect(heard).toContainEqual(['machine-measured', undefined])
})

test('a kind of a later version is passed by', () => {
  expect(parseJournaledFact({ type: 'recovered', at: 1, agentId: 'a' })).toBeDefined()
  expect(
    [
      { type: 'teleported', at: 1 },
      { type: 'recovered' },
      null,
      'recovered',
      { type: 'toString', at: 1 },
    ].map(parseJournaledFact),
  ).toEqual([undefined, undefined, undefined, undefined, undefined])
})
