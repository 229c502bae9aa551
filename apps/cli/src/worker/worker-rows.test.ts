import { readProcessStartTime } from '@subagent-mcp/driver-kit'
import {
  claimWorkerName,
  getWorkerStatePath,
  type StoredWorkerProcess,
} from '@subagent-mcp/runtime/worker-files'
import type { WorkerMemory } from '@subagent-mcp/worker'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listWorkerRows } from './worker-rows.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'workers-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const self: StoredWorkerProcess = {
  ...{ name: 'api', folder: '/w/api', provider: 'claude', since: 1_000, launch: 'as usual' },
  ...{ pid: process.pid, startTime: readProcessStartTime(process.pid) ?? '-' },
}
const waiting: WorkerMemory = { status: { type: 'waiting', since: 2_000 } }
const at = Date.UTC(2026, 10, 22, 12)
const view = { name: 'api', folder: '/w/api', restarts: 2, kept: true }

test('workers are listed with what today took, and what went wrong last', async () => {
  const spent = { day: '2026-11-22', turns: 3, usd: 0.5, tokens: 70, withoutUsd: 0, withoutTokens: 0 }
  const lastTurn = { at: 2_500, outcome: 'failed', ms: 1, error: 'overloaded: later' }
  const memoryOf = claimWorkerName(getWorkerStatePath(home, 'api'), self)
  await memoryOf(0).save({ ...waiting, spent, lastTurn })
  await memoryOf(1).save({ ...waiting, spent: { ...spent, day: '2026-11-21' } })
  const row = {
    ...{ name: 'api', status: 'waiting', folder: '/w/api', provider: 'claude', since: 1_000 },
    ...{ replicas: 2, today: { turns: 3, tokens: 70, usd: 0.5 }, lastError: 'overloaded: later' },
  }
  expect(listWorkerRows(home, [], at)).toEqual([row])
  expect(listWorkerRows(home, [{ ...view, status: 'running' }], at)).toEqual([
    { ...row, kept: true, restarts: 2 },
  ])
})

test.each([
  [waiting, 'killed'],
  [{ status: { type: 'stopped', since: 2_000 } }, 'stopped'],
] as const)('%j of a process that is gone is %s', async (memory, status) => {
  await claimWorkerName(getWorkerStatePath(home, 'api'), { ...self, startTime: '1' })(0).save(memory)
  expect(listWorkerRows(home, [], at)).toMatchObject([{ name: 'api', status }])
})

test('a worker whose loops have failed is shown as the daemon knows it', async () => {
  await claimWorkerName(
    getWorkerStatePath(home, 'api'),
    self,
  )(0).save({ status: { type: 'stopped', since: 2_000 } })
  const failing = { ...view, status: 'restarting', lastError: 'boom' } as const
  const starting = { ...view, name: 'docs', status: 'starting' } as const
  expect(listWorkerRows(home, [failing, starting], at)).toMatchObject([
    { name: 'api', status: 'restarting', lastError: 'boom', restarts: 2 },
    { name: 'docs', status: 'starting' },
  ])
})

test('a state file that cannot be read is shown', () => {
  writeFileSync(getWorkerStatePath(home, 'api'), '{"worker":')
  expect(listWorkerRows(home, [], at)).toMatchObject([{ name: 'api', status: 'unreadable' }])
})
