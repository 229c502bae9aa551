import { thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { untilProcessEnds } from '../cli-runtime.test.support.js'
import { clientOf, daemonPid, oursIn } from '../daemon/cli-daemon.test.support.js'
import { patience, useWorkerHouse } from './worker-house.test.support.js'

const { theHouse, place, openGate, startWorker, untilThere, send, repliesTo, ask, agents } = useWorkerHouse()

test('a worker that is detached outlives its command and a daemon that is killed, until it is stopped', async () => {
  const { end } = startWorker('--detach')
  expect(await end).toMatchObject({ code: 0 })
  await untilThere()
  expect(await ask('[[say: one]]')).toBe('one')
  const pid = await daemonPid(theHouse())
  if (pid === undefined) throw new Error('no daemon')
  process.kill(pid, 'SIGKILL')
  // Nobody asks for a daemon: the next one is started because it keeps a worker.
  await expect.poll(() => existsSync(`/proc/${pid}`), patience).toBe(false)
  await expect.poll(() => daemonPid(theHouse()), patience).toBeDefined()
  await untilThere()
  const message = await send('[[hang]]')
  await expect.poll(async () => (await agents()).at(-1)?.status, patience).toBe('processing')
  expect(await theHouse().run(['workers', 'stop', '--all'])).toMatchObject({
    code: 0,
    stdout: 'api has ended\n',
  })
  expect(await clientOf(theHouse()).mail.inbox('api')).toMatchObject([{ id: message.id, tries: 0 }])
  expect(existsSync(oursIn(theHouse(), 'fleet.json'))).toBe(false)
})

test('a message in whose turn the daemon is killed is answered once, by the worker of the next daemon', async () => {
  expect(await startWorker('--detach').end).toMatchObject({ code: 0 })
  await untilThere()
  // The next daemon's worker has no key, so it needs a session to resume.
  expect(await ask('[[say: one]]')).toBe('one')
  const message = await send('[[gate: open]] [[say: done]]')
  await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
  const pid = await daemonPid(theHouse())
  if (pid === undefined) throw new Error('no daemon')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => existsSync(`/proc/${pid}`), patience).toBe(false)
  await expect.poll(() => daemonPid(theHouse()), patience).toBeDefined()
  await untilThere()
  openGate('open')
  expect(await repliesTo(message)).toEqual(['done'])
  expect(await ask('[[say: next]]')).toBe('next')
  expect(await repliesTo(message)).toEqual(['done'])
  const [answered] = await clientOf(theHouse()).mail.thread(message.thread)
  expect(answered).toMatchObject({ status: 'handled', tries: 1 })
  await theHouse().run(['workers', 'stop', 'api'])
})

test(
  'a daemon whose event loop stands still is killed; its kept worker goes on, and no message is lost',
  thorough,
  async () => {
    mkdirSync(oursIn(theHouse()), { recursive: true })
    writeFileSync(oursIn(theHouse(), 'config.jsonc'), '{"daemon": {"blockedSeconds": 15}}')
    const block = join(theHouse().home, 'block.mjs')
    // The thread sleeps: a loop would take a processor for as long.
    writeFileSync(
      block,
      "process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))",
    )
    // Only this daemon can be blocked; the next one is started without the file.
    const first = theHouse().start(['daemon', 'run'], {
      ...place(),
      NODE_OPTIONS: `--import=${block}`,
    })
    first.stdin.end()
    const ended = untilProcessEnds(first)
    await expect.poll(() => daemonPid(theHouse()), patience).toBe(first.pid)
    expect(await startWorker('--detach').end).toMatchObject({ code: 0 })
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    // The daemon is blocked before, in or just after the turn of this message.
    const message = await send('[[say: two]]')
    first.kill('SIGUSR2')
    await ended
    expect(first.signalCode).toBe('SIGKILL')
    expect(theHouse().log()).toContain('its event loop has stood still for 15 s')
    expect(await repliesTo(message)).toEqual(['two'])
    expect(await ask('[[say: three]]')).toBe('three')
    await theHouse().run(['workers', 'stop', 'api'])
  },
)
