import { describe, expect, it } from 'vitest'
import { groupStarter, stubbornScript, until, scriptWithChild } from '../children.test.support.js'
import { killOrphanedProcesses } from './kill-processes.js'
import { isProcessRunning } from './process-table.js'

const startGroup = groupStarter()
const sleeper = ['sleep', '1000']

describe.skipIf(process.platform === 'win32')('leftovers', () => {
  it('end, with all below them, and nothing else does', async () => {
    const marked = { SUBAGENT_MCP_NONCE: 'dead.1' }
    const family = startGroup.telling(
      [process.execPath, '-e', scriptWithChild(stubbornScript, { detached: true }) + stubbornScript],
      marked,
    )
    await until(() => family.lines.length === 3)
    const below = Number(family.lines.find((line) => line !== 'up'))
    const ours = [family.pid, below, startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'gone.1' })]
    const foreign = [
      startGroup(sleeper),
      startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'deadly.1' }),
      startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'other.dead.1' }),
      startGroup(sleeper, { OTHER: 'SUBAGENT_MCP_NONCE=dead.1' }),
    ]
    expect(await killOrphanedProcesses(['dead', 'gone', 'nobody'])).toBe(3)
    expect(ours.map(isProcessRunning)).toEqual([false, false, false])
    expect(foreign.map(isProcessRunning)).toEqual([true, true, true, true])
    expect(await killOrphanedProcesses(['dead', 'gone'])).toBe(0)
  })

  it('are none of ours, even where we carry the mark ourselves', async () => {
    const built = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)
    const script = `import { killOrphanedProcesses } from ${built}\nconsole.log(await killOrphanedProcesses(['dead']))`
    const { lines } = startGroup.telling([process.execPath, '--input-type=module', '-e', script], {
      SUBAGENT_MCP_NONCE: 'dead.1',
    })
    await until(() => lines.length === 1)
    expect(lines).toEqual(['0'])
  })

  it('of nobody are none', async () => {
    const child = startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'dead.1' })
    expect(await killOrphanedProcesses([])).toBe(0)
    expect(isProcessRunning(child)).toBe(true)
  })
})
