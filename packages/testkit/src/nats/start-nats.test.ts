import { expect, test } from 'vitest'
import { checkForLeaks } from '../leak-check.js'
import { needsNats } from '../tags.js'
import { startNats } from './start-nats.js'

checkForLeaks()

test('a server that cannot start says why at once, and is gone', needsNats, async () => {
  await expect(startNats('listen: "127.0.0.1:1:1"')).rejects.toThrow('does not become ready')
})
