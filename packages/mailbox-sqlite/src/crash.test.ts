import { systemClock } from '@subagent-mcp/contract'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { expect, it } from 'vitest'
import { openSqliteMailbox } from './sqlite-mailbox.js'
import { wholeThread } from './whole-thread.test.support.js'
import { useMailProcesses } from './mail-processes.test.support.js'

checkForLeaks()
const { path, start } = useMailProcesses()

/** The rounds of a crash test: a few in `npm test`, many in a soak. */
const rounds = process.env['SOAK'] === undefined ? 4 : 100

const sends = `
  await mailbox.register(registration('asker', 'a' + process.pid))
  await told()
  for (let number = 0; ; number += 1) {
    const { message } = await mailbox.send({ from: sender('asker'), to: 'worker', body: process.pid + ' ' + number, thread: 't' + number % 3 })
    print(message.id)
    // Otherwise the worker waits for the file while thousands of messages are sent.
    if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
`

/** The script of a worker: says that it is ready, prints each id that it got, replies, acknowledges, and prints the acknowledged ids. */
const handles = `
  print('ready')
  for (;;) {
    const batch = await mailbox.next({ agent: 'worker', instance: 'w' + process.pid, leaseMs: 3600000, waitMs: 60000, limit: 5 }, signal)
    for (const { id } of batch.messages) {
      print('got ' + id)
      await mailbox.reply({ from: sender('worker'), message: id, body: 'done' })
      await turn()
      for (const done of await mailbox.acknowledge(batch.take, [id])) print('done ' + done)
    }
  }
`

it('loses no sent message and delivers no acknowledged one again, whichever process is killed', async () => {
  const isAlive = ({ pid }: { pid: number }): boolean => pid === process.pid
  const own = openSqliteMailbox({ path: path(), clock: systemClock, isAlive, rules: { maxTries: 1_000 } })
  await own.register({
    ...{ name: 'worker', project: 'p', capabilities: [], topics: [], wakes: 'high' },
    handler: { instance: 'own', kind: 'worker', pid: process.pid, startTime: '1', host: 'h' },
  })
  const sent: string[] = []
  const got: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const asker = start(sends)
    const worker = start(handles)
    // What is sent while the worker loads would only be more to handle at the end.
    await worker.until(1)
    asker.tell('go')
    await Promise.all([
      asker.until(1 + Math.floor(Math.random() * 60)),
      worker.until(2 + Math.floor(Math.random() * 60)),
    ])
    await Promise.all([asker.kill(), worker.kill()])
    sent.push(...asker.lines)
    got.push(...worker.lines)
    await own.leave(`w${worker.pid}`)
  }
  for (;;) {
    const order = { agent: 'worker', instance: 'own', leaseMs: 1_000, waitMs: 0 }
    const batch = await own.next(order, new AbortController().signal)
    if (batch === undefined) break
    for (const { id } of batch.messages) {
      got.push(`got ${id}`)
      await own.reply({ from: { name: 'worker', host: 'h', through: 'agent' }, message: id, body: 'done' })
    }
    got.push(...(await own.acknowledge(batch.take)).map((id) => `done ${id}`))
  }
  const lines = new Map<string, string[]>(sent.map((id) => [id, []]))
  for (const line of got) lines.get(line.replace(/^\w+ /, ''))?.push(line)
  for (const [id, comings] of lines) {
    // It came; and once it was acknowledged it never came again.
    expect(comings[0]).toBe(`got ${id}`)
    expect(comings.slice(0, -1)).not.toContain(`done ${id}`)
  }
  const all = await Promise.all(['t0', 't1', 't2'].map((thread) => wholeThread(own, thread)))
  const asked = all.flat().filter(({ to }) => to === 'worker')
  const replies = all.flat().filter(({ to }) => to === 'asker')
  expect(asked.every(({ status, repliedBy }) => status === 'handled' && repliedBy !== undefined)).toBe(true)
  expect(replies.map(({ replyTo = '' }) => replyTo).toSorted()).toEqual(asked.map(({ id }) => id).toSorted())
  await own.close()
})

it('two processes on one file: each message goes to one of them, and a thread keeps its order', async () => {
  const ready = `
    const taken = []
    print('ready')
    await told()
    for (;;) {
      const batch = await mailbox.next({ agent: 'worker', instance: 'w' + process.pid, leaseMs: 60000, waitMs: 1500, limit: 3 }, signal)
      if (batch === undefined) break
      for (const { body } of batch.messages) print(body)
      await turn()
      await mailbox.acknowledge(batch.take)
    }
    await mailbox.close()
  `
  const own = openSqliteMailbox({ path: path(), clock: systemClock, isAlive: () => true })
  await own.register({
    ...{ name: 'worker', project: 'p', capabilities: [], topics: [], wakes: 'high' },
    handler: { instance: 'own', kind: 'worker', pid: process.pid, startTime: '1', host: 'h' },
  })
  const workers = [start(ready), start(ready)]
  await Promise.all(workers.map((worker) => worker.until(1)))
  for (const worker of workers) worker.tell('go')
  const from = { name: 'asker', host: 'h', through: 'agent' } as const
  for (let number = 100; number < 200; number += 1) {
    await own.send({ from, to: 'worker', body: String(number), thread: `t${number % 7}` })
  }
  await Promise.all(workers.map((worker) => worker.finish()))
  const bodies = workers.map(({ lines }) => lines.slice(1))
  expect(bodies.flat().toSorted()).toEqual(Array.from({ length: 100 }, (_, index) => String(100 + index)))
  for (const texts of bodies) {
    for (let thread = 0; thread < 7; thread += 1) {
      const ofThread = texts.filter((text) => Number(text) % 7 === thread)
      expect(ofThread).toEqual(ofThread.toSorted())
    }
  }
  await own.close()
})
