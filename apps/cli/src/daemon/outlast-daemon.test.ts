import { thorough } from '@subagent-mcp/testkit'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, daemonPid, daemonPidIn, testEachSignal } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()
const patience = { timeout: 30_000 }
const waits = 'waits for the end of the one that is at work'

/** Starts a daemon as the system's service does. */
function startService() {
  const child = theRuntime().start(['daemon', 'run', '--log', '--stay'])
  child.stdin.end()
  return { child, end: untilProcessEnds(child) }
}

/** Starts the service's daemon while another daemon serves, and resolves when it waits for the end of that one. */
async function startWaiting() {
  const service = startService()
  await expect.poll(() => theRuntime().log(), patience).toContain(waits)
  return service
}

test('it takes the place of one that is killed, with its fleet', thorough, async () => {
  const { run, home, log } = theRuntime()
  mkdirSync(join(home, 'shop'))
  const file = join(home, 'workers.yaml')
  writeFileSync(file, 'workers: [folder: shop]')
  expect(await run(['fleet', 'up', file])).toMatchObject({ code: 0 })
  // Else it starts a daemon itself, when its own is killed.
  expect(await run(['workers', 'stop', 'shop'])).toMatchObject({ code: 0 })
  const { child, end } = await startWaiting()
  const first = (await daemonPid(theRuntime())) ?? 0
  expect(first).not.toBe(child.pid)
  process.kill(first, 'SIGKILL')
  await expect.poll(() => daemonPid(theRuntime()), patience).toBe(child.pid)
  expect(await clientOf(theRuntime()).fleet()).toMatchObject({ file, workers: [{ status: 'stopped' }] })
  expect(log()).toContain(`took over from daemon ${first}`)
  child.kill()
  expect(await end).toMatchObject({ code: 0, stderr: '' })
  expect(log().split(waits)).toHaveLength(2)
})

test('it keeps waiting while any daemon serves on the socket', thorough, async () => {
  const { run, log } = theRuntime()
  await run(['daemon', 'start'])
  const { child, end } = await startWaiting()
  const restarted = daemonPidIn((await run(['daemon', 'restart'])).stdout)
  await expect.poll(() => daemonPid(theRuntime()), patience).toBeGreaterThan(0)
  const next = await daemonPid(theRuntime())
  expect([restarted, child.pid]).toContain(next)
  if (next !== undefined && next !== child.pid) process.kill(next, 'SIGKILL')
  await expect.poll(() => daemonPid(theRuntime()), patience).toBe(child.pid)
  child.kill()
  expect(await end).toMatchObject({ code: 0 })
  expect(log().split(waits)).toHaveLength(2)
})

testEachSignal(['SIGTERM', 'SIGINT'], '%s ends it while it waits, and nobody else', async (signal) => {
  await theRuntime().run(['daemon', 'start'])
  const first = await daemonPid(theRuntime())
  const { child, end } = await startWaiting()
  child.kill(signal)
  expect(await end).toMatchObject({ code: 0, stderr: '' })
  expect(await daemonPid(theRuntime())).toBe(first)
})

test('it makes way for another release, as which the system is to start it', thorough, async () => {
  await theRuntime().run(['daemon', 'start'])
  const first = (await daemonPid(theRuntime())) ?? 0
  const waiting = await startWaiting()
  replaceProgram(waiting.child.spawnargs)
  process.kill(first, 'SIGKILL')
  expect(await waiting.end).toMatchObject({ code: 1 })
  expect(theRuntime().log()).toContain('another release has its place')
  expect(await daemonPid(theRuntime())).toBeUndefined()

  const serving = startService()
  await expect.poll(() => daemonPid(theRuntime()), patience).toBe(serving.child.pid)
  replaceProgram(serving.child.spawnargs)
  expect(await theRuntime().run(['daemon', 'stop'])).toMatchObject({ code: 0 })
  expect(await serving.end).toMatchObject({ code: 1 })
})

test('a restart ends it as failed, so that the system starts it again, to wait for its place', async () => {
  const { child, end } = startService()
  await expect.poll(() => daemonPid(theRuntime()), patience).toBe(child.pid)
  const next = daemonPidIn((await theRuntime().run(['daemon', 'restart'])).stdout)
  expect(await end).toMatchObject({ code: 1 })
  expect(await daemonPid(theRuntime())).toBe(next)
})

test('it is a daemon like any other where none serves', async () => {
  const { child, end } = startService()
  await expect.poll(() => daemonPid(theRuntime()), patience).toBe(child.pid)
  expect(await theRuntime().run(['daemon', 'stop'])).toMatchObject({ code: 0 })
  expect(await end).toMatchObject({ code: 0 })
  // A daemon serves before the first line of its log is written.
  expect(theRuntime().log()).not.toContain(waits)
})

/** Changes the file of the installed program, but not what it does. */
function replaceProgram([, script = '']: readonly string[]): void {
  appendFileSync(join(dirname(script), '../dist/main.cjs'), '\n// another release\n')
}
