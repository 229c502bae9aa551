import { checkForLeaks, needsNats, startNatsCluster, thorough } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeMailbox } from '../describe-mailbox.test.support.js'
import { placeOn } from './places.test.support.js'

// It takes a minute: a desk has the same suite on one server, and a cluster that loses its leader.
describe('with three servers', { tags: [...needsNats.tags, ...thorough.tags] }, () => {
  let cluster: Awaited<ReturnType<typeof startNatsCluster>>
  beforeAll(async () => {
    cluster = await startNatsCluster()
  })
  afterAll(() => cluster.end())
  checkForLeaks()

  describeMailbox('a NATS cluster', () => Promise.resolve(placeOn(cluster.servers.map(({ url }) => url))))
})
