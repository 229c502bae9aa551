import { checkForLeaks, natsSkipped, startNatsCluster } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeMailbox } from '../describe-mailbox.test.support.js'
import { placeOn } from './places.test.support.js'

describe.skipIf(natsSkipped() !== undefined)('with three servers', () => {
  let cluster: Awaited<ReturnType<typeof startNatsCluster>>
  beforeAll(async () => {
    cluster = await startNatsCluster()
  }, 60_000)
  afterAll(() => cluster.end())
  checkForLeaks()

  describeMailbox('a NATS cluster', () => Promise.resolve(placeOn(cluster.servers.map(({ url }) => url))))
})
