import { checkForLeaks, needsNats, soakOnly, startNatsCluster, thorough } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeFailing } from '../describe-failing.test.support.js'
import { describeLists } from '../describe-lists.test.support.js'
import { describeSending } from '../describe-sending.test.support.js'
import { describeTaking } from '../describe-taking.test.support.js'
import { describeWaiting } from '../describe-waiting.test.support.js'
import { useBench } from '../mailbox-bench.test.support.js'
import { placeOn } from './places.test.support.js'

// Three servers differ from one in when a command reaches the mailbox. The groups that depend on it run in CI. The others
// depend on the state alone, which nats-mailbox.test.ts tests with the same code on one server.
describe(
  'a mailbox in a NATS cluster of three servers',
  { tags: [...needsNats.tags, ...thorough.tags] },
  () => {
    let cluster: Awaited<ReturnType<typeof startNatsCluster>>
    beforeAll(async () => {
      cluster = await startNatsCluster()
    })
    afterAll(() => cluster.end())
    checkForLeaks()

    const bench = useBench(() => Promise.resolve(placeOn(cluster.servers.map(({ url }) => url))))
    describeTaking(bench)
    describeWaiting(bench)
    describe('the rest of the contract', soakOnly, () => {
      describeSending(bench)
      describeFailing(bench)
      describeLists(bench)
    })
  },
)
