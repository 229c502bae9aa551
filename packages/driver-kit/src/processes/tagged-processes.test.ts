import { describe, expect, it } from 'vitest'
import { childStarter, groupStarter, until } from '../children.test.support.js'
import { isProcessRunning } from './process-table.js'
import { killListedProcesses, killTaggedProcesses, findTaggedProcesses } from './tagged-processes.js'

const start = childStarter()
const startGroup = groupStarter()

/** Returns a script that starts a process in a group of its own for each given environment, and prints their pids. */
const scriptWithChild = (...added: Record<string, string>[]) => `
  const { spawn } = require('node:child_process')
  for (const added of ${JSON.stringify(added)}) {
    const env = { ...process.env, ...added }
    console.log(spawn('sleep', ['1000'], { env, detached: true, stdio: 'ignore' }).pid)
  }
  setInterval(() => {}, 1e6)
`

async function startFamily(environment: Record<string, string>, ...added: Record<string, string>[]) {
  const { child, lines } = start(process.execPath, ['-e', scriptWithChild(...added)], {
    environment: { PATH: process.env['PATH'] ?? '', ...environment },
  })
  await until(() => lines.length === added.length)
  return { child, pid: child.pid ?? 0, mark: child.mark, below: lines.map(Number) }
}

describe.skipIf(process.platform === 'win32')('tagged processes of a child', () => {
  it('end by the variable that they have beside its mark; nothing else does', async () => {
    const family = await startFamily({}, { TOOL: '1' }, { TOOL: '2' }, { OTHER: 'TOOL=1' })
    const other = await startFamily({}, { TOOL: '1' })
    const foreign = startGroup(['sleep', '1000'], { TOOL: '1' })
    const [one = 0, two = 0, untagged = 0] = family.below
    const { mark } = family
    const tagged = findTaggedProcesses({ mark, name: 'TOOL' })
    expect(tagged.sort((a, b) => a - b)).toEqual([one, two].sort((a, b) => a - b))

    expect(await killTaggedProcesses({ mark, name: 'TOOL', value: '2' })).toBe(1)
    expect([one, two].map(isProcessRunning)).toEqual([true, false])
    expect(await killTaggedProcesses({ mark, name: 'TOOL' })).toBe(1)
    expect(await killTaggedProcesses({ mark, name: 'TOOL' })).toBe(0)
    const others = [family.pid, untagged, other.pid, ...other.below, foreign]
    expect(isProcessRunning(one)).toBe(false)
    expect(others.filter(isProcessRunning)).toEqual(others)
  })

  it('are never the child itself', async () => {
    const { pid, mark, below } = await startFamily({ TOOL: '1' }, {})
    expect(findTaggedProcesses({ mark, pid, name: 'TOOL' })).toEqual(below)
    expect(await killTaggedProcesses({ mark, pid, name: 'TOOL' })).toBe(1)
    expect([pid, ...below].map(isProcessRunning)).toEqual([true, false])
  })

  it('end alone when they were listed, each with another look', async () => {
    const family = await startFamily({}, { TOOL: '1' }, { TOOL: '1' }, { OTHER: '1' })
    const [listed = 0, later = 0, untagged = 0] = family.below
    expect(await killListedProcesses([listed, untagged, 2 ** 30], { mark: family.mark, name: 'TOOL' })).toBe(
      1,
    )
    expect([listed, later, untagged].map(isProcessRunning)).toEqual([false, true, true])
    expect(await killListedProcesses([], { mark: family.mark, name: 'TOOL' })).toBe(0)
  })

  it('end however fast they start others', async () => {
    const { mark } = await startFamily({}, {})
    const fork = `const { spawn } = require('node:child_process')
      const next = () => spawn(process.execPath, ['-e', process.env.SCRIPT], { detached: true, stdio: 'ignore' })
      setTimeout(next, 20); setTimeout(process.exit, 60)`
    const first = startGroup([process.execPath, '-e', fork], {
      SUBAGENT_MCP_NONCE: mark,
      TOOL: '1',
      SCRIPT: fork,
    })
    await until(() => !isProcessRunning(first) && findTaggedProcesses({ mark, name: 'TOOL' }).length > 0)
    await killTaggedProcesses({ mark, name: 'TOOL' })
    expect(findTaggedProcesses({ mark, name: 'TOOL' })).toEqual([])
  })
})
