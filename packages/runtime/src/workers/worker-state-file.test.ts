import type { WorkerMemory } from '@subagent-mcp/worker'
import { readProcessStartTime } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  checkWorkerFolder,
  claimWorkerName,
  isWorkerRunning,
  openWorkerLog,
  readWorkerState,
  readWorkerStateIfReadable,
  getWorkerLogPath,
  getWorkerStatePath,
  type StoredWorkerProcess,
} from './worker-state-file.js'

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

/** A process that runs until it is told to end. */
async function otherProcess(script = 'setInterval(() => {}, 1000)'): Promise<StoredWorkerProcess> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`], { stdio: 'pipe' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const pid = child.pid ?? 0
  return { ...self, pid, startTime: readProcessStartTime(pid) ?? '-' }
}

describe('the state of a worker', () => {
  test('is what was saved, for each replica', async () => {
    const path = getWorkerStatePath(home, 'api')
    expect(readWorkerState(path)).toBeUndefined()
    const memoryOf = claimWorkerName(path, self)
    expect(memoryOf(0).load()).toBeUndefined()
    await memoryOf(1).save(waiting)
    const working: WorkerMemory = { status: { type: 'working', since: 3_000, messages: ['m'], from: ['me'] } }
    await memoryOf(0).save(working)
    expect(readWorkerState(path)).toEqual({ worker: self, replicas: [working, waiting] })
    expect(claimWorkerName(path, self)(1).load()).toEqual(waiting)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('goes on without the sessions that were launched otherwise', async () => {
    const path = getWorkerStatePath(home, 'api')
    const spent = { day: '2026-11-22', turns: 1, usd: 0, tokens: 5, withoutUsd: 0, withoutTokens: 0 }
    const rest = { ...waiting, spent }
    const known: WorkerMemory = { ...rest, session: { id: 'a1', failures: 0, threads: [] } }
    await claimWorkerName(path, self)(0).save(known)
    expect(claimWorkerName(path, self)(0).load()).toEqual(known)
    expect(claimWorkerName(path, { ...self, launch: 'with less' })(0).load()).toEqual(rest)
  })

  test('is kept as it is where it cannot be read', () => {
    const path = getWorkerStatePath(home, 'api')
    writeFileSync(path, '{"worker":')
    expect(() => claimWorkerName(path, self)).toThrow(`${path} is no worker's state`)
    expect(readFileSync(path, 'utf8')).toBe('{"worker":')
    expect(readWorkerStateIfReadable(path)).toBeUndefined()
  })

  test('is another process’s while that runs, and so is its folder', async () => {
    const path = getWorkerStatePath(home, 'api')
    const other = await otherProcess()
    const memoryOf = claimWorkerName(path, other)
    const taken = `worker 'api' is at work in /w/api since 1970-01-01T00:00:01.000Z`
    expect(() => claimWorkerName(path, self)).toThrow(taken)
    const check = (place: string, pid = process.pid) => {
      checkWorkerFolder(home, { place, pid })
    }
    expect(() => {
      check('/w/api')
    }).toThrow(taken)
    check('/w/docs')
    check('/w/api', other.pid)
    // It runs until each of its replicas has stopped.
    await memoryOf(0).save(waiting)
    expect(isWorkerRunning({ worker: other, replicas: [waiting] })).toBe(true)
    await memoryOf(0).save({ status: { type: 'stopped', since: 3_000 } })
    check('/w/api')
    claimWorkerName(path, { ...other, startTime: '1' })
    expect(() => claimWorkerName(path, self)).not.toThrow()
  })
})

test('the log has a line each, and is kept small', () => {
  const path = getWorkerLogPath(home, 'api')
  const log = openWorkerLog(path, 40)
  log(at, 'started')
  log(at, 'second')
  log(at, 'third')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe(
    '2026-11-22T12:00:00.000Z started\n2026-11-22T12:00:00.000Z second\n',
  )
  expect(readFileSync(path, 'utf8')).toBe('2026-11-22T12:00:00.000Z third\n')
  const nowhere = openWorkerLog('/proc/none/api.log')
  expect(() => {
    nowhere(at, 'lost')
  }).not.toThrow()
})
