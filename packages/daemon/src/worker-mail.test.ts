import { systemClock } from '@subagent-mcp/contract'
import { openNatsMailbox } from '@subagent-mcp/mailbox-nats'
import { needsNats, startNats } from '@subagent-mcp/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OpenWorkerConnection } from '@subagent-mcp/client'
import { startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'

const never = new AbortController().signal
const me = { name: 'me', host: 'box', through: 'http' } as const

const houses = {
  sqlite: () => startManualDaemon(),
  nats: async () => {
    const nats = await startNats()
    onTestFinished(() => nats.end())
    const { url } = nats
    const place = { url, clock: systemClock, keeper: 'here', isAlive: () => true, log: () => undefined }
    return startManualDaemon({ mailbox: await openNatsMailbox(place) })
  },
}

/** Connects a worker for the mailbox name `api`. */
function attend({ client, folder }: ManualDaemon): Promise<OpenWorkerConnection> {
  const place = { cwd: folder, environment: {}, pid: process.pid, startTime: '-' }
  return client.attend({ name: 'api', capabilities: [], topics: [], wakes: 'high', ...place }, never)
}

const take = (instance: string, waitMs = 0) => ({ agent: 'api', instance, leaseMs: 60_000, waitMs })

/** Delays the delivery of taken mail until the returned function is called. */
function holdBack({ takes }: ManualDaemon): () => void {
  let handOut = (): void => undefined
  takes.ready = new Promise<void>((resolve) => (handOut = resolve))
  return handOut
}

describe.each(['sqlite', 'nats'] as const)('mail of workers, kept in %s', (kind) => {
  describe('when the daemon ends it releases', kind === 'nats' ? needsNats : {}, () => {
    test('a message that a worker handles', async () => {
      const { daemon, one } = await startWorkers()
      expect(await daemon.client.mail.next(take(one), never)).toBeDefined()
      await daemon.server.closeWorkerConnections()
      expect(await daemon.mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
    })

    test('a message that is being sent to a worker', async () => {
      const { daemon, one } = await startWorkers()
      const handOut = holdBack(daemon)
      const taking = daemon.client.mail.next(take(one), never)
      await expect.poll(async () => (await daemon.mailbox.inbox('api'))[0]?.status).toBe('held')
      const ended = daemon.server.closeWorkerConnections()
      handOut()
      await ended
      expect(await taking).toBeUndefined()
      expect(await daemon.mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
    })

    test('the messages, and a waiting worker gets none, then or when it asks again', async () => {
      const { daemon, one, other } = await startWorkers()
      const { client, server, mailbox } = daemon
      expect(await client.mail.next(take(one), never)).toBeDefined()
      const waiting = client.mail.next(take(other, 60_000), never)
      await pollUntil(() => server.connections() === 3)
      await server.closeWorkerConnections()
      expect(await waiting).toBeUndefined()
      expect(await client.mail.next(take(other), never)).toBeUndefined()
      expect(await mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
    })
  })

  test(
    'mail that never reached a leaving worker counts no try',
    kind === 'nats' ? needsNats : {},
    async () => {
      const { daemon, one, leave } = await startWorkers()
      const { client, mailbox } = daemon
      const handOut = holdBack(daemon)
      const taking = client.mail.next(take(one), never)
      await expect.poll(async () => (await mailbox.inbox('api'))[0]?.status).toBe('held')
      leave()
      await expect.poll(async () => (await client.attendances()).length).toBe(1)
      handOut()
      expect(await taking).toBeUndefined()
      await expect.poll(async () => (await mailbox.agents())[0]?.handlers.length).toBe(1)
      expect(await mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
    },
  )

  /** Connects two workers of the same name, and sends a message to that name. */
  async function startWorkers() {
    const daemon = await houses[kind]()
    const [first, second] = [await attend(daemon), await attend(daemon)]
    await daemon.mailbox.send({ from: me, to: 'api', body: 'hi' })
    return { daemon, one: first.instance, other: second.instance, leave: first.leave }
  }
})
