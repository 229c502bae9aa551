import { expect, test } from 'vitest'
import { checkForLeaks } from '../leak-check.js'
import { natsSkipped } from './find-nats-server.js'
import { startNats } from './start-nats.js'

checkForLeaks()

test.skipIf(natsSkipped() !== undefined)(
  'a server that cannot start says why at once, and is gone',
  async () => {
    await expect(startNats('listen: "127.0.0.1:1:1"')).rejects.toThrow('does not become ready')
  },
)
