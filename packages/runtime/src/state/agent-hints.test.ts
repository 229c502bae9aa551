import { connectCaller, createSupervisor, disconnectCaller, launch, waitForReports } from '@subagent-mcp/core'
import { readWaitingAgents } from '@subagent-mcp/orchestration'
import { createManualClock, createManualDriver } from '@subagent-mcp/testkit'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepAgentHints } from './agent-hints.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'agent-hints-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

test('the file lists the reports that a host session has not received, and is deleted when all have arrived', async () => {
  const clock = createManualClock()
  const driver = createManualDriver()
  const supervisor = createSupervisor({ drivers: [driver], clock })
  const stop = keepAgentHints({ supervisor, folder: home, maxWakes: 10, log: () => undefined })
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7, 8] })
  connectCaller(supervisor, { caller: 'command', project: '/p', terminal: true })
  const { agent } = launch(supervisor, 'host', { prompt: 'work', cwd: '/p' })
  await driver.sessions[0]?.open()
  clock.advance(200)
  expect(readWaitingAgents(home)).toEqual([])
  driver.sessions[0]?.finish('done')
  expect(readWaitingAgents(home)).toEqual([])
  clock.advance(200)
  const { id } = agent.profile
  const waiting = { project: '/p', finished: [`${id}.1`], asking: [] }
  expect(readWaitingAgents(home)).toEqual([{ ...waiting, processes: [7, 8] }])

  const result = await waitForReports(supervisor, { caller: 'host', until: 'any' })
  clock.advance(200)
  expect(readdirSync(home)).toEqual([])
  disconnectCaller(supervisor, 'host')
  if (result.type !== 'cancelled') result.lost(true)
  clock.advance(200)
  expect(readWaitingAgents(home)).toEqual([waiting])

  connectCaller(supervisor, { caller: 'next', project: '/p', hostProcesses: [9] })
  const next = await waitForReports(supervisor, { caller: 'next', until: 'any' })
  if (next.type !== 'cancelled') next.received()
  stop()
  expect(readdirSync(home)).toEqual([])
})
