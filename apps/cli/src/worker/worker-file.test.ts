import type { WorkerLine, WorkerMemory } from '@subagent-mcp/worker'
import { startTimeOf } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { lineText } from './line-text.js'
import { stopWorker } from './stop-worker.js'
import { claimWorker, isRunning, readWorker, workerPath, type WorkerSelf } from './worker-file.js'
import { openWorkerLog, workerLogPath } from './worker-log.js'
import { workerRows } from './worker-rows.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'workers-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const self: WorkerSelf = {
  ...{ name: 'api', folder: '/w/api', provider: 'claude', since: 1_000, launch: 'as usual' },
  ...{ pid: process.pid, startTime: startTimeOf(process.pid) ?? '-' },
}
const waiting: WorkerMemory = { status: { type: 'waiting', since: 2_000 } }
const at = Date.UTC(2026, 10, 22, 12)

/** A process that runs until it is told to end. */
async function otherProcess(script = 'setInterval(() => {}, 1000)'): Promise<WorkerSelf> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`], { stdio: 'pipe' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const pid = child.pid ?? 0
  return { ...self, pid, startTime: startTimeOf(pid) ?? '-' }
}

describe('the state of a worker', () => {
  test('is what was saved, for each replica', () => {
    const path = workerPath(home, 'api')
    expect(readWorker(path)).toBeUndefined()
    const memoryOf = claimWorker(path, self)
    expect(memoryOf(0).load()).toBeUndefined()
    memoryOf(1).save(waiting)
    const working: WorkerMemory = { status: { type: 'working', since: 3_000, messages: ['m'], from: ['me'] } }
    memoryOf(0).save(working)
    expect(readWorker(path)).toEqual({ worker: self, replicas: [working, waiting] })
    expect(claimWorker(path, self)(1).load()).toEqual(waiting)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('goes on without the sessions that were launched otherwise', () => {
    const path = workerPath(home, 'api')
    const spent = { day: '2026-11-22', turns: 1, usd: 0, tokens: 5, withoutUsd: 0, withoutTokens: 0 }
    const rest = { ...waiting, spent }
    const known: WorkerMemory = { ...rest, session: { id: 'a1', failures: 0, threads: [] } }
    claimWorker(path, self)(0).save(known)
    expect(claimWorker(path, self)(0).load()).toEqual(known)
    expect(claimWorker(path, { ...self, launch: 'with less' })(0).load()).toEqual(rest)
  })

  test('is kept as it is where it cannot be read', () => {
    const path = workerPath(home, 'api')
    mkdirSync(dirname(path))
    writeFileSync(path, '{"worker":')
    expect(() => claimWorker(path, self)).toThrow(`${path} is no worker's state`)
    expect(readFileSync(path, 'utf8')).toBe('{"worker":')
    expect(workerRows(home, at)).toMatchObject([{ name: 'api', status: 'unreadable' }])
  })

  test('is another process’s while that runs', async () => {
    const path = workerPath(home, 'api')
    const other = await otherProcess()
    claimWorker(path, other)
    expect(() => claimWorker(path, self)).toThrow(
      `worker 'api' (pid ${other.pid}) is at work in /w/api since 1970-01-01T00:00:01.000Z`,
    )
    claimWorker(path, { ...other, startTime: '1' })
    expect(() => claimWorker(path, self)).not.toThrow()
  })
})

describe('workers are listed', () => {
  test('with what today took, and what went wrong last', () => {
    const spent = { day: '2026-11-22', turns: 3, usd: 0.5, tokens: 70, withoutUsd: 0, withoutTokens: 0 }
    const lastTurn = { at: 2_500, outcome: 'failed', ms: 1, error: 'overloaded: later' }
    const memoryOf = claimWorker(workerPath(home, 'api'), self)
    memoryOf(0).save({ ...waiting, spent, lastTurn })
    memoryOf(1).save({ ...waiting, spent: { ...spent, day: '2026-11-21' } })
    expect(workerRows(home, at)).toEqual([
      {
        ...{
          name: 'api',
          status: 'waiting',
          pid: process.pid,
          folder: '/w/api',
          provider: 'claude',
          since: 1_000,
        },
        ...{ replicas: 2, today: { turns: 3, tokens: 70, usd: 0.5 }, lastError: 'overloaded: later' },
      },
    ])
  })

  test.each([
    [waiting, 'killed'],
    [{ status: { type: 'stopped', since: 2_000 } }, 'stopped'],
  ] as const)('%j of a process that is gone', (memory, status) => {
    claimWorker(workerPath(home, 'api'), { ...self, startTime: '1' })(0).save(memory)
    expect(workerRows(home, at)).toMatchObject([{ name: 'api', status }])
  })
})

describe('a worker is stopped', () => {
  test('by its process, which is waited for', async () => {
    const worker = await otherProcess()
    expect(isRunning({ worker, replicas: [] })).toBe(true)
    expect(await stopWorker({ worker, replicas: [] })).toBe('stopped')
    expect(await stopWorker({ worker, replicas: [] })).toBe('not-running')
  })

  test('not where its pid is another’s now', async () => {
    const worker = { ...(await otherProcess()), startTime: '1' }
    expect(await stopWorker({ worker, replicas: [] })).toBe('not-running')
  })

  test('not for ever', async () => {
    const worker = await otherProcess("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)")
    expect(await stopWorker({ worker, replicas: [] }, 100)).toBe('still-running')
  })
})

test('the log has a line each, and is kept small', () => {
  const path = workerLogPath(home, 'api')
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

test.each<[Line, string]>([
  [{ type: 'started', session: 'a1' }, 'started session=a1'],
  [
    {
      type: 'turn',
      ...{ outcome: 'ended', messages: ['m1', 'm2'], waitedMs: 3, ms: 1200.4, session: 'a1', fresh: true },
      model: 'codex/gpt',
      usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.01 },
    },
    'turn ended ms=1200 waited=3 model=codex/gpt tokens=10/2 usd=0.0100 session=a1 (new) messages=m1,m2',
  ],
  [
    { type: 'turn', outcome: 'failed', messages: ['m'], waitedMs: 0, ms: 1, fresh: false, error: 'a\nb' },
    'turn failed ms=1 waited=0 messages=m error="a b"',
  ],
  [{ type: 'unreachable', problem: 'no daemon' }, 'unreachable error="no daemon"'],
  [{ type: 'resting', reason: 'spent', until: at }, 'resting until=2026-11-22T12:00:00.000Z reason="spent"'],
  [
    { type: 'blocked', reason: 'signed out', hint: 'sign in', until: at },
    'blocked until=2026-11-22T12:00:00.000Z reason="signed out" hint="sign in"',
  ],
])('%j as a line', (line, text) => {
  expect(lineText({ at, ...line })).toBe(text)
})

type Line = WorkerLine extends infer Each ? (Each extends unknown ? Omit<Each, 'at'> : never) : never
