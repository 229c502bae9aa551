import { expect, it } from 'vitest'
import { groupStarter, until, scriptWithChild } from '../children.test.support.js'
import { trySignalProcess } from './process-group.js'
import { isSameProcessRunning, readProcessStartTime } from './start-time.js'

const startGroup = groupStarter()

it('names a process with its pid, for as long as it runs', async () => {
  const pid = startGroup(['sleep', '1000'])
  const started = readProcessStartTime(pid) ?? ''
  expect(isSameProcessRunning({ pid, startTime: started })).toBe(true)
  process.kill(pid, 'SIGKILL')
  await until(() => !trySignalProcess(pid, 0))
  expect(isSameProcessRunning({ pid, startTime: started })).toBe(false)
  expect(readProcessStartTime(pid)).toBeUndefined()
})

it.skipIf(process.platform === 'win32')('tells another process under the same pid from it', () => {
  const pid = startGroup(['sleep', '1000'])
  expect(isSameProcessRunning({ pid, startTime: '1' })).toBe(false)
})

it('goes by the pid alone where there is no start time', async () => {
  const pid = startGroup(['sleep', '1000'])
  expect(isSameProcessRunning({ pid, startTime: '-' })).toBe(true)
  process.kill(pid, 'SIGKILL')
  await until(() => !isSameProcessRunning({ pid, startTime: '-' }))
})

it.skipIf(process.platform === 'win32')(
  'is not taken for dead when no file can be opened any more',
  async () => {
    const built = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)
    const script = `
    import { isSameProcessRunning, readProcessStartTime } from ${built}
    import { openSync, writeSync } from 'node:fs'
    const itself = { pid: process.pid, startTime: readProcessStartTime(process.pid) }
    const before = isSameProcessRunning(itself)
    let code
    try { for (;;) openSync('/dev/null') } catch (error) { code = error.code }
    const gone = { ...itself, pid: 2 ** 22 + 1 }
    writeSync(1, JSON.stringify([before, code, isSameProcessRunning(itself), isSameProcessRunning(gone)]) + '\\n')
  `
    const limited = ['sh', '-c', 'ulimit -n 512 && exec "$@"', 'sh', process.execPath, '--input-type=module']
    const { lines } = startGroup.telling([...limited, '-e', script])
    await until(() => lines.length === 1)
    expect(JSON.parse(lines[0] ?? '')).toEqual([true, 'EMFILE', true, false])
  },
)

it.skipIf(process.platform === 'win32')('takes a zombie for dead', async () => {
  const parent = startGroup.telling([
    process.execPath,
    '-e',
    `${scriptWithChild('setInterval(() => {}, 1e6)', { detached: true })}setInterval(() => {}, 1e6)`,
  ])
  await until(() => parent.lines.length === 1)
  const pid = Number(parent.lines[0])
  const started = readProcessStartTime(pid) ?? ''
  // A halted parent does not take note of its child's end.
  process.kill(parent.pid, 'SIGSTOP')
  process.kill(pid, 'SIGKILL')
  await until(() => !isSameProcessRunning({ pid, startTime: started }))
  expect(readProcessStartTime(pid)).toBe(started)
})
