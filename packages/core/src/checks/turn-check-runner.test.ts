import { createManualClock, createManualDriver } from '@subagent-mcp/testkit'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { createMemoryJournal } from '../journal/memory-journal.js'
import { loadCurrentTurnText } from '../journal/turn-text.js'
import { parseJournaledFact } from '../journal/parse-journaled-fact.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { connectCaller } from '../requests/caller-connection.js'
import { interruptAgent, sendMessage } from '../requests/send-message.js'
import { createSupervisor } from '../supervisor/create-supervisor.js'
import type { TurnToCheck, TurnVerdict } from './turn-verdict.js'

const outputSchema = { type: 'object' }
const passed: TurnVerdict = { passed: true, answer: '{}', check: { grade: 'checked', evidence: [] } }
const failed: TurnVerdict = {
  passed: false,
  problem: 'it is wrong',
  feedback: 'mend it',
  check: { grade: 'rejected', evidence: [] },
}

/** A supervisor whose checks the test ends, with an agent that has answered `done`. */
async function startCheck() {
  const [driver, clock, journal] = [createManualDriver(), createManualClock(), createMemoryJournal()]
  const checks: (TurnToCheck & {
    signal: AbortSignal
    end: (verdict: TurnVerdict | Error) => Promise<void>
  })[] = []
  let ids = 0
  const supervisor = createSupervisor({
    ...{ drivers: [driver], environmentOf: () => ({}), clock, journal },
    ids: { agent: () => 'a1', message: () => `m${(ids += 1)}` },
    checkTurn: (turn, signal) =>
      new Promise((resolve, reject) => {
        const end = async (verdict: TurnVerdict | Error): Promise<void> => {
          if (verdict instanceof Error) reject(verdict)
          else resolve(verdict)
          await new Promise(setImmediate)
        }
        checks.push({ ...turn, signal, end })
      }),
  })
  const authority = { preset: 'accept-edits', rules: noPermissionRules } as const
  connectCaller(supervisor, { caller: 'me', project: '/p', depth: 0, authority })
  const request = { prompt: 'do it', cwd: '/p', provider: 'claude', model: 'opus', outputSchema } as const
  launchSupervisedAgent(supervisor, 'me', request)
  const [session] = driver.sessions
  await session?.open()
  session?.finish('done')
  const check = checks[0]
  if (!session || !check) throw new Error('nothing is checked')
  const agent = () => findAgentByIdOrName(supervisor, 'a1')
  return { supervisor, journal, session, checks, check, agent }
}

test('a check gets the agent and its answer; what has passed is reported with the answer alone', async () => {
  const { check, agent } = await startCheck()
  expect(check).toMatchObject({
    answer: 'done',
    turnId: 'm1',
    agent: { profile: { id: 'a1', outputSchema } },
  })
  await check.end(passed)
  expect(agent().turns).toMatchObject([{ text: '{}', check: { grade: 'checked' } }])
})

test('what has failed is sent back, and the next answer is checked', async () => {
  const { check, checks, session, agent } = await startCheck()
  await check.end(failed)
  const repair = session.sent.at(-1)
  expect(repair).toMatchObject({ type: 'prompt', turnId: 'm2' })
  session.finish('mended')
  expect(checks[1]).toMatchObject({ answer: 'mended', turnId: 'm2' })
  await checks[1]?.end(passed)
  expect(agent().reports).toEqual([{ number: 1, type: 'turn', turnId: 'm2' }])
})

test('a CLI without schemas of its own is told at the end of each prompt', async () => {
  const { session, check } = await startCheck()
  await check.end(failed)
  const texts = session.sent.map((command) => (command.type === 'prompt' ? command.text : ''))
  for (const text of texts)
    expect(text).toMatch(/\n\nEnd your turn with one JSON value .*\n\{"type":"object"\}$/)
  expect(session.spec.outputSchema).toBeUndefined()
})

test('an interrupted check is cancelled, and its late verdict changes nothing', async () => {
  const { supervisor, check, agent } = await startCheck()
  expect(interruptAgent(supervisor, 'a1')).toBe(true)
  expect(check.signal.aborted).toBe(true)
  await check.end(passed)
  expect(agent().turns).toMatchObject([{ outcome: { type: 'interrupted' }, text: 'done' }])
  expect(agent().reports).toHaveLength(1)
})

test('a check that itself fails rejects the result without a repair', async () => {
  const { check, agent, session } = await startCheck()
  await check.end(new Error('no disk'))
  const failure = { reason: 'rejected', message: 'the result could not be checked: no disk' }
  expect(agent().turns).toMatchObject([{ outcome: { failure }, text: 'done' }])
  expect(session.sent).toHaveLength(1)
})

test('a message that is meant for the running turn waits for its own, because the turn takes no more', async () => {
  const { supervisor } = await startCheck()
  const sent = sendMessage(supervisor, { agentId: 'a1', text: 'also this', steer: true, caller: 'me' })
  expect(sent).toEqual({ type: 'queued', position: 1 })
})

test('verdicts are in the journal; an agent whose daemon died during a check was interrupted, and keeps its answer', async () => {
  const { check, journal, agent, checks, session } = await startCheck()
  const restarted = () => {
    const copy = createMemoryJournal()
    const later = createSupervisor({
      ...{ drivers: [createManualDriver()], clock: createManualClock(), journal: copy },
    })
    const { facts } = journal.history.read({ limit: 1_000 })
    const read = facts.flatMap(({ fact }) => parseJournaledFact(JSON.parse(JSON.stringify(fact))) ?? [])
    copy.append(read, [])
    later.adopt(read)
    const found = findAgentByIdOrName(later, 'a1')
    return { ...found, said: loadCurrentTurnText(later, found) }
  }
  expect(restarted()).toMatchObject({
    said: 'done',
    turns: [{ outcome: { type: 'interrupted' } }],
    reports: [{ type: 'ending' }],
  })
  await check.end(failed)
  session.finish('mended')
  await checks[1]?.end(passed)
  expect(restarted().turns).toEqual(agent().turns.map(({ text: _, ...turn }) => turn))
  expect(restarted().reports).toEqual(agent().reports)
})
