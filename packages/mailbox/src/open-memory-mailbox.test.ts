import { createManualClock } from '@subagent-mcp/testkit'
import { describeMailbox } from './describe-mailbox.test.support.js'
import { createSharedMemoryMailData } from './open-memory-mailbox.js'

describeMailbox('memory', () => {
  const clock = createManualClock()
  const place = createSharedMemoryMailData(clock)
  return Promise.resolve({
    open: (options) => Promise.resolve(place.open(options)),
    pass: async (milliseconds) => {
      await settle()
      clock.advance(milliseconds)
      await settle()
    },
    remove: () => Promise.resolve(),
  })
})

/** Waits until waiting calls have set their timers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
}
