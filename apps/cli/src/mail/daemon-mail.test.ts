import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, daemonPid, makeKnown, oursIn } from '../daemon/cli-daemon.test.support.js'

const theHouse = useCliRuntime()
const me = { name: 'me', host: 'box', through: 'http' } as const

test('a message outlives a daemon that is killed', async () => {
  const { run } = theHouse()
  await run(['daemon', 'start'])
  const client = clientOf(theHouse())
  await makeKnown(theHouse(), 'api')
  const { message } = await client.mail.send({ from: me, to: 'api', body: 'hi' })
  process.kill((await daemonPid(theHouse())) ?? 0, 'SIGKILL')
  await expect.poll(() => daemonPid(theHouse())).toBeUndefined()
  await run(['daemon', 'start'])
  expect(await client.mail.inbox('api')).toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
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
