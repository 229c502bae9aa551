import { describe, expect, it } from 'vitest'
import { groupStarter, until } from '../children.test.support.js'
import { isProcessRunning } from './process-table.js'
import { measureResidentMemory } from './resident-memory.js'

const startGroup = groupStarter()
const megabyte = 1024 * 1024
const holding = (megabytes: number) =>
  `const held = Buffer.alloc(${megabytes * megabyte}, 1); console.log('up'); setInterval(() => held, 1e6)\n`

describe.skipIf(process.platform === 'win32')('resident memory', () => {
  it('is that of a process and of all below it', async () => {
    const below = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holding(200))}], { stdio: 'inherit' })\n`
    const alone = startGroup.telling([process.execPath, '-e', holding(1)])
    const family = startGroup.telling([process.execPath, '-e', below + holding(100)])
    await until(() => alone.lines.length === 1 && family.lines.length === 2)
    const [one = 0, both = 0] = [alone.pid, family.pid].map(measureResidentMemory)
    expect(one).toBeGreaterThan(20 * megabyte)
    expect(both).toBeGreaterThan(300 * megabyte)
    expect(both).toBeLessThan(300 * megabyte + 5 * one)
  })

  it('is unknown of a process that is gone', async () => {
    const pid = startGroup(['true'])
    await until(() => !isProcessRunning(pid))
    expect(measureResidentMemory(pid)).toBeUndefined()
  })
})
