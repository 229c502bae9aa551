import { afterEach, describe, expect, it } from 'vitest'
import { groupStarter, stubbornScript, until, scriptWithChild } from '../children.test.support.js'
import { isProcessRunning, runPs } from '../processes/process-table.js'
import { createWatchdog, type Watchdog } from './watchdog.js'

const startGroup = groupStarter()
const sleeper = ['sleep', '1000']

/** Runs a script in a node of its own, leader of a group, with the built package. */
function startSupervisor(script: string) {
  const built = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)
  const source = `import { createWatchdog, startChildProcess } from ${built}\nconst watchdog = createWatchdog()\n${script}`
  return startGroup.telling([process.execPath, '--input-type=module', '-e', source])
}

/** Returns code for a supervisor that starts a child and prints its lines. */
function startsChild(script: string): string {
  return `{
    const { pid } = startChildProcess({
      command: process.execPath, args: ['-e', ${JSON.stringify(script)}], cwd: '/', environment: {}, watchdog,
      onLine: (line) => console.log(line), onOversizedLine: () => {}, onExit: () => console.log('exit'),
    })
    console.log(pid)
  }\n`
}

describe('when the supervisor is killed', () => {
  it('ends its children, what is below them, what left their groups, and nothing else', async () => {
    const foreign = [
      startGroup([process.execPath, '-e', stubbornScript]),
      startGroup(sleeper, { SUBAGENT_MCP_NONCE: 'other.1' }),
    ]
    const supervisor = startSupervisor(
      [
        startsChild(stubbornScript),
        startsChild(scriptWithChild(stubbornScript, { detached: false }) + stubbornScript),
        startsChild(scriptWithChild(stubbornScript, { detached: true }) + stubbornScript),
        `console.log('nonce', watchdog.nonce)`,
      ].join(''),
    )
    await until(() => supervisor.lines.length === 11)
    const pids = supervisor.lines.map(Number).filter((pid) => pid > 0)
    const nonce = supervisor.lines.find((line) => line.startsWith('nonce'))?.slice('nonce '.length) ?? ''
    expect(pids.filter(isProcessRunning)).toHaveLength(5)
    expect(watchdogPids(nonce)).toHaveLength(1)

    // Its whole group, as the end of a terminal or of a service does.
    process.kill(-supervisor.pid, 'SIGKILL')
    await until(() => watchdogPids(nonce).length === 0)
    await until(() => !pids.some(isProcessRunning))
    expect(foreign.map(isProcessRunning)).toEqual([true, true])
  })

  it('ends a child that it was not told of yet, once it is armed', async () => {
    const supervisor = startSupervisor(
      `watchdog.arm()\nconsole.log(watchdog.nonce)\nsetInterval(() => {}, 1e6)`,
    )
    await until(() => supervisor.lines.length === 1)
    const child = startGroup(sleeper, { SUBAGENT_MCP_NONCE: `${supervisor.lines[0]}.1` })
    process.kill(-supervisor.pid, 'SIGKILL')
    await until(() => !isProcessRunning(child))
  })

  it('does not keep it from ending by itself, and then does the same', async () => {
    const group = startGroup(sleeper)
    startSupervisor(`watchdog.watch(${group})`)
    await until(() => !isProcessRunning(group))
  })
})

describe('the process', () => {
  const made: Watchdog[] = []
  const create = () => {
    const watchdog = createWatchdog()
    made.push(watchdog)
    return watchdog
  }
  afterEach(async () => {
    for (const watchdog of made.splice(0)) {
      await watchdog.close()
      expect(watchdogPids(watchdog.nonce)).toEqual([])
    }
  })

  it('is not there before something is watched', async () => {
    const { nonce, watch, unwatch } = create()
    unwatch(startGroup(sleeper))
    expect(watchdogPids(nonce)).toEqual([])
    watch(startGroup(sleeper))
    await until(() => watchdogPids(nonce).length === 1)
  })

  it('is gone after close, and has ended nothing that is not watched', async () => {
    const { nonce, watch, unwatch, close } = create()
    const groups = [startGroup(sleeper), startGroup(sleeper, { SUBAGENT_MCP_NONCE: `${nonce}.1` })]
    for (const group of groups) watch(group)
    for (const group of groups) unwatch(group)
    await Promise.all([close(), close()])
    expect(watchdogPids(nonce)).toEqual([])
    expect(groups.map(isProcessRunning)).toEqual([true, true])
  })

  it('ends at close what is still watched', async () => {
    const { watch, close } = create()
    const group = startGroup(sleeper)
    watch(group)
    await close()
    await until(() => !isProcessRunning(group))
  })

  it('is replaced when it was killed, and the new one knows what the old one knew', async () => {
    const { nonce, watch, close } = create()
    const groups = [startGroup(sleeper), startGroup(sleeper)]
    const [one = 0, other = 0] = groups
    watch(one)
    await until(() => watchdogPids(nonce).length === 1)
    const [first = 0] = watchdogPids(nonce)
    process.kill(first, 'SIGKILL')
    watch(other)
    await until(() => watchdogPids(nonce).some((pid) => pid !== first))
    await close()
    await until(() => !groups.some(isProcessRunning))
  })

  it('passes by a process that is gone', () => {
    const { nonce, watch } = create()
    watch(2 ** 30)
    expect(watchdogPids(nonce)).toEqual([])
  })
})

/** The watchdog's process: the one that was given the nonce. */
function watchdogPids(nonce: string): number[] {
  return runPs(['-axww', '-o', 'pid=', '-o', 'stat=', '-o', 'args='])
    .split('\n')
    .filter((line) => line.includes(`subagent-mcp-watchdog ${nonce}`) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10))
}
