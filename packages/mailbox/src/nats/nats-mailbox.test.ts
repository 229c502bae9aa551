import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeMailbox } from '../describe-mailbox.test.support.js'
import { placeOn } from './places.test.support.js'

describe('with one server', needsNats, () => {
  let nats: Awaited<ReturnType<typeof startNats>>
  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(() => nats.end())
  checkForLeaks()

  describeMailbox('NATS', () => Promise.resolve(placeOn([nats.url], 'in files')))
})
