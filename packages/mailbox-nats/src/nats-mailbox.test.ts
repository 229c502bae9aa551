import { describeMailbox, type MailboxPlace } from '@subagent-mcp/mailbox/describe-mailbox'
import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { createNatsMailboxPlace } from './nats-mailbox-place.test.support.js'

describe('with one server', needsNats, () => {
  let place: MailboxPlace
  let nats: Awaited<ReturnType<typeof startNats>>
  beforeAll(async () => {
    nats = await startNats()
    place = createNatsMailboxPlace([nats.url])
  })
  afterAll(() => nats.end())
  checkForLeaks()

  describeMailbox('NATS', () => Promise.resolve(place))
})
