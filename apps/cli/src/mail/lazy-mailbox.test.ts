import { SubagentError } from '@subagent-mcp/contract'
import { openMemoryMailbox } from '@subagent-mcp/mailbox'
import { expect, test } from 'vitest'
import { createLazyMailbox } from './lazy-mailbox.js'

const kept = { kind: 'nats', where: 'nats://away:4222' } as const

test('opens once, at the first call', async () => {
  const mailbox = openMemoryMailbox()
  let opened = 0
  const late = createLazyMailbox({
    kept,
    open: async () => {
      opened += 1
      await new Promise(setImmediate)
      return mailbox
    },
  })
  expect(opened).toBe(0)
  expect(await Promise.all([late.agents(), late.threads({}), late.begin()])).toEqual([[], [], undefined])
  expect(opened).toBe(1)
  expect(await late.health()).toMatchObject({ kind: 'memory', reachable: true })
})

test('fails for who asks while it cannot be opened, and works from when it can be', async () => {
  const mailbox = openMemoryMailbox()
  let isThere = false
  const open = () =>
    isThere
      ? Promise.resolve(mailbox)
      : Promise.reject(new SubagentError('mailbox-unreachable', 'nobody answers'))
  const late = createLazyMailbox({ kept, open })
  await late.begin()
  await expect(late.agents()).rejects.toMatchObject({ code: 'mailbox-unreachable' })
  expect(await late.health()).toEqual({ ...kept, reachable: false, problem: 'nobody answers' })
  isThere = true
  expect(await late.agents()).toEqual([])
})

test('reports changes to listeners that were added before it opened, until they leave', async () => {
  const mailbox = openMemoryMailbox()
  const late = createLazyMailbox({ kept, open: () => Promise.resolve(mailbox) })
  const heard: (readonly string[])[] = []
  const unheard = late.onChange((agents) => heard.push(agents))
  const from = { name: 'ann', host: 'box', through: 'terminal' } as const
  const handler = { instance: 'a', kind: 'session', pid: 1, startTime: '0', host: 'box' } as const
  const ann = { name: 'ann', project: '/p', capabilities: [], topics: [], wakes: 'high', handler } as const
  await late.register(ann)
  await late.send({ from, to: 'ann', body: 'one' })
  expect(heard).toContainEqual(['ann'])
  unheard()
  const times = heard.length
  await late.send({ from, to: 'ann', body: 'two' })
  expect(heard).toHaveLength(times)
})

test('that is closed while it opens is closed when it is open, and opens no more', async () => {
  const mailbox = openMemoryMailbox()
  let openIt = (): void => undefined
  const open = () => new Promise<typeof mailbox>((resolve) => (openIt = () => resolve(mailbox)))
  const late = createLazyMailbox({ kept, open })
  const asked = late.agents()
  await late.close()
  openIt()
  await expect(asked).rejects.toMatchObject({ code: 'mailbox-unreachable' })
  await expect(late.agents()).rejects.toMatchObject({ code: 'mailbox-unreachable' })
})
