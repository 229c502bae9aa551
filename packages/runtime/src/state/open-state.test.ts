import { findAgentByIdOrName, readReportTexts, selectNewReports, waitForReports } from '@subagent-mcp/core'
import { openSqliteStore } from '@subagent-mcp/journal'
import { checkForLeaks, createManualClock, createManualDriver } from '@subagent-mcp/testkit'
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createRuntime } from '../create-runtime.js'
import { openState, type StateOptions } from './open-state.js'

checkForLeaks()

let folder = ''
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'open-state-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Opens a runtime in the folder, with the lines that it logs. `launched` launches an agent and ends its only turn. */
function open(options: Partial<StateOptions> = {}) {
  const lines: string[] = []
  const [clock, driver] = [createManualClock(), createManualDriver()]
  const log = (line: string): void => void lines.push(line)
  const state = openState({ folder, log, ...options })
  const runtime = createRuntime({ drivers: [driver], state, clock, log })
  const launched = async (texts: readonly string[] = []) => {
    const agent = await runtime.launch({ prompt: 'x', provider: 'claude', cwd: folder })
    const session = driver.sessions.at(-1)
    await session?.open()
    for (const text of texts) session?.sink({ type: 'message-ended', text })
    session?.finish('done')
    return agent
  }
  const known = (): readonly string[] => [...runtime.supervisor.state().agents.keys()]
  return { ...runtime, clock, lines, launched, known }
}

const journal = (): string => join(folder, 'journal.db')

/** Runs SQL in the journal, as damage may change it. */
function damage(sql: string): void {
  const store = openSqliteStore(journal())
  store.write(() => {
    store.execute(sql)
  })
  store.close()
}

function count(table: string): number {
  const store = openSqliteStore(journal())
  const [row] = store.rows(z.object({ rows: z.number() }), `SELECT count(*) AS rows FROM ${table}`)
  store.close()
  return row?.rows ?? 0
}

test.each([
  ['an event', 'session-opened', 2],
  ['the launch', 'launch-requested', 1],
])('damage of %s costs what it said, and is reported', async (_, type, agents) => {
  const first = open()
  const [one, other] = [await first.launched(), await first.launched()]
  await first.close()
  const second = open()
  damage(`UPDATE facts SET body = '{}' WHERE type = '${type}' AND agentId = '${one.id}'`)
  await second.recover()
  expect(second.known()).toEqual([one.id, other.id].slice(-agents))
  expect(second.lines).toContainEqual(
    expect.stringMatching(/is gone: .* is not what was written; up to 1 facts/),
  )
  await second.close()
})

test('of two reports the one without its text comes again when the next start has repaired the journal', async () => {
  const first = open()
  const agents = [await first.launched(), await first.launched()]
  for (const agent of agents) await agent.kill()
  const [one, other] = agents.map(({ id }) => findAgentByIdOrName(first.supervisor, id))
  if (!one || !other) throw new Error('no agents')
  first.supervisor.flush()
  damage(`UPDATE facts SET body = '{}' WHERE body LIKE '%turn-ended%' AND agentId = '${one.profile.id}'`)
  const { caller } = one.profile
  const waited = await waitForReports(first.supervisor, { caller, until: 'all' })
  if (waited.type === 'cancelled') throw new Error('cancelled')
  const texts = readReportTexts(first.supervisor, waited.outcome.news)
  expect([...texts.values()]).toMatchObject([{ problem: { code: 'io-failed' } }, { text: 'done' }])
  waited.received()
  await first.close()
  const second = open()
  await second.recover()
  const left = [one, other].map(({ profile }) => {
    const agent = findAgentByIdOrName(second.supervisor, profile.id)
    return selectNewReports(second.supervisor.state(), caller, agent).reports.length > 0
  })
  expect(left).toEqual([true, false])
  await second.close()
})

test('agents whose facts cannot be read wait for the next start, which repairs the journal', async () => {
  const first = open()
  const { id } = await first.launched(Array<string>(300).fill('x'.repeat(3_000)))
  await first.close()
  const second = open()
  const { size } = statSync(journal())
  const file = openSync(journal(), 'r+')
  writeSync(file, Buffer.alloc(8 * 4096, 0xa5), 0, 8 * 4096, Math.floor(size / 2 / 4096) * 4096)
  closeSync(file)
  await second.recover()
  expect(second.known()).toEqual([])
  expect(second.lines).toContainEqual(
    expect.stringContaining('cannot take over from an earlier daemon: the journal'),
  )
  await second.close()
  const third = open()
  await third.recover()
  expect(third.known()).toEqual([id])
  expect(third.lines).toContainEqual(expect.stringContaining('it was damaged'))
  await third.close()
})

test.each([
  ['daemon', 1],
  ['in-process', 0],
] as const)('a %s server with an ended agent writes %i snapshot', async (role, snapshots) => {
  const server = open({ role, version: '1.0.0' })
  const agent = await server.launched()
  await agent.kill()
  server.clock.advance(2_000)
  await server.close()
  expect([count('snapshots'), count('sharedSnapshot')]).toEqual([snapshots, snapshots])
})

test('no timer of a closed runtime uses its state', async () => {
  const runtime = open({ role: 'daemon', version: '1.0.0' })
  await runtime.launched()
  // The load that was published differs from that after the close.
  runtime.clock.advance(100)
  await runtime.close()
  runtime.clock.advance(7_200_000)
  expect(runtime.lines).toEqual([])
})
