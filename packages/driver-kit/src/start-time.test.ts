import { expect, it } from 'vitest'
import { groupStarter, until, withBelow } from './children.test.support.js'
import { signalIfThere } from './process-group.js'
import { processIs, startTime } from './start-time.js'

const startGroup = groupStarter()

it('names a process with its pid, for as long as it runs', async () => {
  const pid = startGroup(['sleep', '1000'])
  const started = startTime(pid) ?? ''
  expect(processIs({ pid, startTime: started })).toBe(true)
  process.kill(pid, 'SIGKILL')
  await until(() => !signalIfThere(pid, 0))
  expect(processIs({ pid, startTime: started })).toBe(false)
  expect(startTime(pid)).toBeUndefined()
})

it.skipIf(process.platform === 'win32')('tells another process under the same pid from it', () => {
  const pid = startGroup(['sleep', '1000'])
  expect(processIs({ pid, startTime: '1' })).toBe(false)
})

it.skipIf(process.platform === 'win32')('takes a zombie for dead', async () => {
  const parent = startGroup.telling([
    process.execPath,
    '-e',
    `${withBelow('setInterval(() => {}, 1e6)', { detached: true })}setInterval(() => {}, 1e6)`,
  ])
  await until(() => parent.lines.length === 1)
  const pid = Number(parent.lines[0])
  const started = startTime(pid) ?? ''
  // A halted parent does not take note of its child's end.
  process.kill(parent.pid, 'SIGSTOP')
  process.kill(pid, 'SIGKILL')
  await until(() => !processIs({ pid, startTime: started }))
  expect(startTime(pid)).toBe(started)
})
