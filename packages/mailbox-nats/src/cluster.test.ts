import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { checkForLeaks, needsNats, startNatsCluster, type NatsServer, thorough } from '@subagent-mcp/testkit'
import { findNatsServer } from '@subagent-mcp/testkit/find-nats-server'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import {
  acknowledgedByAll,
  boss,
  type FleetMachine,
  openFleetMachine,
  retryWhileUnreachable,
  readAnsweredThreads,
  startWorker,
} from './fleet.test.support.js'

const messages = process.env['SOAK'] === '1' ? 3_000 : 120
const streams = ['SUBAGENT_MCP_ARCHIVE', 'SUBAGENT_MCP_QUEUES', 'SUBAGENT_MCP_WORK']
const kills = process.env['SOAK'] === '1' ? 10 : 1

describe('three machines on a cluster of three servers', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test(
    'while servers are killed, each message is handled once and nothing that was acknowledged comes again',
    thorough,
    async () => {
      const { servers, end } = await startNatsCluster()
      runAtEnd(end)
      // Debian's nats-server is 2.9. `health` warns of clusters of it.
      const isOld = /v2\.9\./.test(execFileSync(findNatsServer() ?? '', ['--version'], { encoding: 'utf8' }))
      const machines: FleetMachine[] = []
      for (const { name, url } of servers) {
        const machine = await openFleetMachine(name, { url })
        runAtEnd(() => machine.mailbox.close())
        machines.push(machine)
        const { warning } = await machine.mailbox.health()
        expect(warning?.includes('nats-server 2.9.') ?? false).toBe(isOld)
      }
      const workers = await Promise.all(machines.map((machine) => startWorker(machine)))
      const sent = new Set<string>()
      const sending = machines.map(async ({ name, mailbox }) => {
        for (let count = 0; count < messages / 3; count++) {
          const order = { from: boss, to: 'worker', body: `${name} ${count}`, key: `${name} ${count}` }
          const { message } = await retryWhileUnreachable(() => mailbox.send(order))
          sent.add(message.id)
        }
      })
      for (let kill = 1; kill <= kills; kill++) {
        const stream = streams[kill % streams.length] ?? ''
        await vi.waitUntil(() => sent.size > (messages * kill) / (kills + 2), { timeout: 120_000 })
        await killLeader(servers, stream)
      }
      await Promise.all(sending)
      // Not by what was acknowledged: a message that has its reply when it is taken again is handled without that.
      const waiting = (): Promise<unknown> =>
        Promise.all(machines.map(({ mailbox }) => mailbox.inbox('worker')))
      await vi.waitFor(async () => expect(await waiting()).toEqual([[], [], []]), { timeout: 60_000 })
      await Promise.all(workers.map((worker) => worker.stop()))

      const [machine, ...others] = machines
      const first = await (machine && readAnsweredThreads(machine))
      expect(first).toHaveLength(sent.size)
      for (const thread of first ?? []) {
        expect(thread.map(({ body, status }) => [body, status])).toEqual([
          [thread[0]?.body, 'handled'],
          [`re: ${thread[0]?.body ?? ''}`, 'waiting'],
        ])
      }
      await vi.waitFor(async () =>
        expect(await Promise.all(others.map((other) => readAnsweredThreads(other)))).toEqual([first, first]),
      )
      expect(workers.flatMap(({ again }) => again)).toEqual([])
      acknowledgedByAll.clear()
    },
  )
})

/** The server that leads the stream dies in the middle of all, and comes back. */
async function killLeader(servers: readonly NatsServer[], stream: string): Promise<void> {
  const leader = await leaderOf(servers, stream)
  await leader?.kill()
  await pause(500)
  await leader?.start()
}

async function leaderOf(servers: readonly NatsServer[], stream: string): Promise<NatsServer | undefined> {
  const connection = await connect({ servers: servers.map(({ url }) => url.replace('nats://', '')) })
  try {
    const manager = await jetstreamManager(connection)
    const { cluster } = await manager.streams.info(stream)
    return servers.find(({ name }) => name === cluster?.leader)
  } finally {
    await connection.close()
  }
}
