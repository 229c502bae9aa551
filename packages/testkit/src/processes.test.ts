import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { processCommand, descendantsOf, processesWith, watchForNewProcesses } from './processes.js'

test.skipIf(process.platform === 'win32')(
  'finds what a process has started, by its environment and with its words',
  async () => {
    const mark = `MARK=${process.pid}`
    const newProcesses = watchForNewProcesses()
    const shell = spawn('sh', ['-c', 'sleep 1000 & echo begun; wait'], {
      env: { PATH: process.env['PATH'], MARK: String(process.pid) },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    await once(shell.stdout, 'data')
    const pid = shell.pid ?? 0
    const commands = () =>
      processesWith(mark)
        .map((each) => processCommand(each)?.command ?? '')
        .sort()
    await expect.poll(commands).toEqual(['sh -c sleep 1000 & echo begun; wait', 'sleep 1000'])
    const [sleep = 0] = descendantsOf(pid)
    expect(processCommand(sleep)).toEqual({ name: 'sleep', command: 'sleep 1000' })
    expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining([pid, sleep]))
    expect(newProcesses('no text of theirs')).toEqual(expect.arrayContaining([pid, sleep]))
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => newProcesses('no text of theirs')).not.toContain(sleep)
    expect(newProcesses(mark)).toContain(sleep)
    expect(watchForNewProcesses()(mark)).toEqual([])

    process.kill(-pid, 'SIGKILL')
    await once(shell, 'close')
    await expect.poll(() => processesWith(mark)).toEqual([])
    expect(processCommand(pid)).toBeUndefined()
  },
)
