import { expect, it } from 'vitest'
import { groupStarter, stubbornScript, until, scriptWithChild } from '../children.test.support.js'
import { isProcessRunning } from './process-table.js'
import { isProcessGroupRunning, trySignalProcess } from './process-group.js'

const startGroup = groupStarter()

it('a group of zombies does not run', async () => {
  const { pid, lines } = startGroup.telling([
    process.execPath,
    '-e',
    scriptWithChild(stubbornScript, { detached: true }) + stubbornScript,
  ])
  await until(() => lines.length === 3)
  const below = Number(lines.find((line) => line !== 'up'))
  expect([pid, below].map(isProcessGroupRunning)).toEqual([true, true])

  // A halted parent does not take note of its child's end.
  process.kill(pid, 'SIGSTOP')
  process.kill(below, 'SIGKILL')
  await until(() => !isProcessRunning(below))
  expect(trySignalProcess(-below, 0)).toBe(true)
  expect([pid, below].map(isProcessGroupRunning)).toEqual([true, false])
})

it('a group that is gone does not run, and to signal it is no error', async () => {
  const pid = startGroup(['true'])
  await until(() => !trySignalProcess(-pid, 0))
  expect(isProcessGroupRunning(pid)).toBe(false)
  expect(trySignalProcess(-pid, 'SIGTERM')).toBe(false)
})
