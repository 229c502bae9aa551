import { createManualClock } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { createOwnHandlers, type RegisterCommand } from './own-handlers.js'

const command: RegisterCommand = {
  type: 'register',
  ...{ name: 'worker', project: 'p', capabilities: [], topics: [], wakes: 'high', keeper: 'k' },
  handler: { instance: 'i', kind: 'worker', pid: 1, startTime: 'now', host: 'here' },
}

test('a handler is registered again once in half a day, and at once when that failed', () => {
  const clock = createManualClock()
  const own = createOwnHandlers({ clock, isAlive: () => true })
  own.note(command)
  expect(own.due()).toEqual([])
  clock.advance(13 * 3_600_000)
  expect(own.due()).toEqual([command])
  clock.advance(10_000)
  expect(own.due()).toEqual([])
  own.missed(command)
  expect(own.due()).toEqual([command])
  expect(own.due()).toEqual([])
  own.note({ type: 'leave', instances: ['i'], maxTries: 3 })
  own.missed(command)
  expect(own.due()).toEqual([])
})
