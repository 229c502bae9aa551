import type { ConnectWorkerBody } from '@subagent-mcp/api'
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useCliHouse } from '../cli-house.test.support.js'
import { clientOf, daemonPid, oursIn } from '../daemon/cli-daemon.test.support.js'

const theHouse = useCliHouse()
const never = new AbortController().signal
const me = { name: 'me', host: 'box', through: 'http' } as const

function worker(): ConnectWorkerBody {
  const { home: cwd } = theHouse()
  const who = { name: 'api', capabilities: [], topics: [], pid: process.pid, startTime: '-' }
  return { ...who, wakes: 'high', cwd, environment: {} }
}

test('a message outlives a daemon that is killed', async () => {
  const { run } = theHouse()
  await run(['daemon', 'start'])
  const client = clientOf(theHouse())
  await client.attend(worker(), never)
  const { message } = await client.mail.send({ from: me, to: 'api', body: 'hi' })
  process.kill((await daemonPid(theHouse())) ?? 0, 'SIGKILL')
  await expect.poll(() => daemonPid(theHouse())).toBeUndefined()
  await run(['daemon', 'start'])
  expect(await client.mail.inbox('api')).toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
})

test('a worker is disconnected when the daemon stops, and its messages wait at the next daemon', async () => {
  const { run } = theHouse()
  await run(['daemon', 'start'])
  const client = clientOf(theHouse())
  const held = await client.attend(worker(), never)
  await client.mail.send({ from: me, to: 'api', body: 'hi' })
  const ask = { agent: 'api', leaseMs: 3_600_000, waitMs: 0 }
  expect(await client.mail.next({ ...ask, instance: held.instance }, never)).toBeDefined()
  const [stopped] = await Promise.all([run(['daemon', 'stop']), held.ended])
  expect(stopped).toMatchObject({ code: 0 })
  await run(['daemon', 'start'])
  const next = await client.attend(worker(), never)
  const batch = await client.mail.next({ ...ask, instance: next.instance }, never)
  expect(batch?.messages).toMatchObject([{ body: 'hi', tries: 0 }])
})

test('unreachable NATS servers stop nothing but mail', async () => {
  mkdirSync(oursIn(theHouse()))
  writeFileSync(
    oursIn(theHouse(), 'config.jsonc'),
    '{ "mailbox": { "url": "nats://me:secret@127.0.0.1:1" } }',
  )
  expect(await theHouse().run(['daemon', 'start'])).toMatchObject({ code: 0, stderr: '' })
  const client = clientOf(theHouse())
  expect(await client.agents()).toEqual([])
  await expect(client.mail.inbox('api')).rejects.toMatchObject({ code: 'mailbox-unreachable' })
  await expect(client.attend(worker(), never)).rejects.toMatchObject({ code: 'mailbox-unreachable' })
  expect(await client.attendances()).toEqual([])
  const { mailbox } = await client.health()
  expect(mailbox).toMatchObject({ kind: 'nats', where: 'nats://127.0.0.1:1', reachable: false })
  expect(theHouse().log()).toContain('mailbox: ')
  expect(theHouse().log() + JSON.stringify(mailbox)).not.toContain('secret')
})

test('sends nothing while the configuration cannot be used', async () => {
  mkdirSync(oursIn(theHouse()))
  writeFileSync(oursIn(theHouse(), 'config.jsonc'), '{ "mailbox": { "url": "natts://a" } }')
  await theHouse().run(['daemon', 'start'])
  const { mail } = clientOf(theHouse())
  await expect(mail.inbox('api')).rejects.toMatchObject({ code: 'config-invalid' })
})
