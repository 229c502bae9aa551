import { describeMailbox, type MailboxPlace } from '@subagent-mcp/mailbox/describe-mailbox'
import { checkForLeaks, needsNats, startNatsCluster, thorough } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { createNatsMailboxPlace } from './nats-mailbox-place.test.support.js'

/** Between which tests each of the servers is killed and comes back; cluster.test.ts kills them while mail is under way. */
const kills = [20, 40, 60]

describe('with three servers', { tags: [...needsNats.tags, ...thorough.tags] }, () => {
  let place: MailboxPlace
  let cluster: Awaited<ReturnType<typeof startNatsCluster>>
  let tests = 0
  beforeAll(async () => {
    cluster = await startNatsCluster()
    place = createNatsMailboxPlace(cluster.servers.map(({ url }) => url))
  })
  afterAll(() => cluster.end())
  beforeEach(async () => {
    tests += 1
    const server = cluster.servers[kills.indexOf(tests)]
    if (server === undefined) return
    await server.kill()
    await server.start()
    // After a kill a replica of nats-server 2.9 may number records differently (docs/decisions/2026-11-24-mailbox-nats.md).
    place = createNatsMailboxPlace(cluster.servers.map(({ url }) => url))
  })
  checkForLeaks()

  describeMailbox('a NATS cluster', () => Promise.resolve(place))
})
