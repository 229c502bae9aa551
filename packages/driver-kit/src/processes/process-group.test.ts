import { expect, it } from 'vitest'
import { groupStarter, stubborn, until, withBelow } from '../children.test.support.js'
import { processRuns } from './process-table.js'
import { groupRuns, signalIfThere } from './process-group.js'

const startGroup = groupStarter()

it('a group of zombies does not run', async () => {
  const { pid, lines } = startGroup.telling([
    process.execPath,
    '-e',
    withBelow(stubborn, { detached: true }) + stubborn,
  ])
  await until(() => lines.length === 3)
  const below = Number(lines.find((line) => line !== 'up'))
  expect([pid, below].map(groupRuns)).toEqual([true, true])

  // A halted parent does not take note of its child's end.
  process.kill(pid, 'SIGSTOP')
  process.kill(below, 'SIGKILL')
  await until(() => !processRuns(below))
  expect(signalIfThere(-below, 0)).toBe(true)
  expect([pid, below].map(groupRuns)).toEqual([true, false])
})

it('a group that is gone does not run, and to signal it is no error', async () => {
  const pid = startGroup(['true'])
  await until(() => !signalIfThere(-pid, 0))
  expect(groupRuns(pid)).toBe(false)
  expect(signalIfThere(-pid, 'SIGTERM')).toBe(false)
})
