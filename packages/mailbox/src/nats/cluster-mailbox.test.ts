import { checkForLeaks, natsSkipped, startNatsCluster } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeMailbox } from '../describe-mailbox.test.support.js'
import { placeOn } from './places.test.support.js'

/** It takes a minute: `npm test` at a desk has the same suite on one server, and a cluster that loses its leader. */
const isForAll = Boolean(process.env['CI'] ?? process.env['SOAK'])

describe.skipIf(natsSkipped() !== undefined || !isForAll)('with three servers', () => {
  let cluster: Awaited<ReturnType<typeof startNatsCluster>>
  beforeAll(async () => {
    cluster = await startNatsCluster()
  }, 60_000)
  afterAll(() => cluster.end())
  checkForLeaks()

  describeMailbox('a NATS cluster', () => Promise.resolve(placeOn(cluster.servers.map(({ url }) => url))))
})
