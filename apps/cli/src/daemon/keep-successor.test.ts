import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keepDaemonSuccessorReady, spawnDaemonSuccessor } from './keep-successor.js'

/** The place of a daemon that was restarted this often within the last ten minutes. */
function placeOf(restarts: number, ...names: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'keep-successor-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const said: string[] = []
  const since = Math.floor(Date.now() / 1000)
  return {
    environment: { PATH: process.env['PATH'], HOME: folder, SUBAGENT_MCP_RESTARTS: `${restarts} ${since}` },
    logPath: join(folder, ...names, 'daemon.log'),
    log: (line: string) => said.push(line),
    said,
  }
}

test('a daemon that has died ten times within ten minutes is not started again, and the log says so', async () => {
  const place = placeOf(10)
  const successor = spawnDaemonSuccessor(place)
  // As the system does when the daemon dies.
  successor.stdin?.end()
  await once(successor, 'exit')
  expect(successor.exitCode).toBe(1)
  expect(readFileSync(place.logPath, 'utf8')).toMatch(
    /^\S+Z the daemon has died 10 times within ten minutes and is not started again\n$/,
  )
})

test('a log that cannot be opened ends no daemon', () => {
  const place = placeOf(0, 'missing')
  const setUp = keepDaemonSuccessorReady(place)
  setUp(true)
  setUp(false)
  expect(place.said).toEqual([
    expect.stringContaining('the log cannot be opened for the next daemon: Error: ENOENT'),
  ])
})
