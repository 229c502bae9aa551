import {
  connectCaller,
  createSupervisor,
  disconnectCaller,
  launchSupervisedAgent,
  waitForReports,
} from '@subagent-mcp/core'
import {
  mayStartUnpromptedTurn,
  readSessionAgentCounts,
  readUnreadReportsForHooks,
} from '@subagent-mcp/orchestration'
import { createManualClock, createManualDriver, makeTemporaryFolder } from '@subagent-mcp/testkit'
import { readdirSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { startAgentHintFiles } from './agent-hint-files.js'

let home: string
beforeEach(() => {
  home = makeTemporaryFolder()
})

test('the file lists the reports that a host session has not received, and is deleted when all have arrived', async () => {
  const clock = createManualClock()
  const driver = createManualDriver()
  const supervisor = createSupervisor({ drivers: [driver], clock })
  const stop = startAgentHintFiles({ supervisor, folder: home, maxWakes: 10, log: () => undefined })
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7, 8] })
  connectCaller(supervisor, { caller: 'command', project: '/p', terminal: true })
  const { agent } = launchSupervisedAgent(supervisor, 'host', { prompt: 'work', cwd: '/p' })
  await driver.sessions[0]?.open()
  clock.advance(200)
  expect(readUnreadReportsForHooks(home)).toEqual([])
  const none = { working: 0, asking: 0, finished: 0 }
  const session = { project: '/p', processes: [7, 8] }
  expect(readSessionAgentCounts(home)).toEqual([{ ...session, ...none, working: 1 }])
  driver.sessions[0]?.finish('done')
  expect(readUnreadReportsForHooks(home)).toEqual([])
  clock.advance(200)
  const { id } = agent.profile
  const waiting = { project: '/p', finished: [`${id}.1`], asking: [] }
  expect(readUnreadReportsForHooks(home)).toEqual([{ ...waiting, processes: [7, 8] }])
  expect(readSessionAgentCounts(home)).toEqual([{ ...session, ...none, finished: 1 }])

  const result = await waitForReports(supervisor, { caller: 'host', until: 'any' })
  clock.advance(200)
  expect(readdirSync(home)).toEqual([])
  disconnectCaller(supervisor, 'host')
  if (result.type !== 'cancelled') result.lost(true)
  clock.advance(200)
  expect(readUnreadReportsForHooks(home)).toEqual([waiting])
  expect(readSessionAgentCounts(home)).toEqual([{ project: '/p', ...none, finished: 1 }])

  connectCaller(supervisor, { caller: 'next', project: '/p', hostProcesses: [9] })
  const next = await waitForReports(supervisor, { caller: 'next', until: 'any' })
  if (next.type !== 'cancelled') next.received()
  stop()
  expect(readdirSync(home)).toEqual([])
})

test('the first launch is written at once, because the daemon may be killed right after it', () => {
  const supervisor = createSupervisor({ drivers: [createManualDriver()], clock: createManualClock() })
  const stop = startAgentHintFiles({ supervisor, folder: home, maxWakes: 10, log: () => undefined })
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7] })
  expect(readdirSync(home)).toEqual([])
  launchSupervisedAgent(supervisor, 'host', { prompt: 'work', cwd: '/p' })
  expect(mayStartUnpromptedTurn(home, 'session')).toBe(true)
  stop()
})

test('an agent that asks counts as one that asks until its question is answered', async () => {
  const clock = createManualClock()
  const driver = createManualDriver()
  const supervisor = createSupervisor({ drivers: [driver], clock })
  const stop = startAgentHintFiles({ supervisor, folder: home, maxWakes: 10, log: () => undefined })
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7] })
  launchSupervisedAgent(supervisor, 'host', { prompt: 'work', cwd: '/p', permissions: 'ask' })
  const [session] = driver.sessions
  await session?.open()
  session?.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: { command: 'make it' } })
  clock.advance(200)
  const counts = (): unknown =>
    readSessionAgentCounts(home).map(({ working, asking }) => ({ working, asking }))
  expect(counts()).toEqual([{ working: 0, asking: 1 }])
  session?.sink({ type: 'approval-withdrawn', requestId: 'p' })
  clock.advance(200)
  expect(counts()).toEqual([{ working: 1, asking: 0 }])
  stop()
})
