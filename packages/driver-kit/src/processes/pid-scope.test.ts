import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { groupStarter, until } from '../children.test.support.js'
import { isOwnerProcessAlive, getPidScope } from './pid-scope.js'
import { trySignalProcess } from './process-group.js'
import { readProcessStartTime } from './start-time.js'

const startGroup = groupStarter()

/** Prefixes that run a command in a pid namespace of its own, with the /proc of that namespace or the outer one. */
const unshare = ['unshare', '-r', '-p', '-f']
const sandboxes = [[...unshare, '--mount-proc'], unshare]
const canUnshare = sandboxes.every((sandbox) => spawnSync('env', [...sandbox, 'true']).status === 0)

const built = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)
/** Returns a Node command that prints an expression as JSON, and keeps running. */
const telling = (expression: string) => [
  ...[process.execPath, '--input-type=module', '-e'],
  `import { isOwnerProcessAlive, getPidScope } from ${built}
  import { spawn } from 'node:child_process'
  console.log(JSON.stringify(${expression}))
  setInterval(() => {}, 1e6)`,
]

/** Returns the value of an expression that Node evaluates in such a sandbox. */
async function told(sandbox: readonly string[], expression: string): Promise<unknown> {
  const { lines } = startGroup.telling([...sandbox, ...telling(expression)])
  await until(() => lines.length === 1)
  return JSON.parse(lines[0] ?? '')
}

describe('an owner in the same place', () => {
  it('is alive for as long as its process runs', async () => {
    const pid = startGroup(['sleep', '1000'])
    const owner = { pid, startTime: readProcessStartTime(pid) ?? '', place: getPidScope() }
    expect(isOwnerProcessAlive(owner)).toBe(true)
    process.kill(pid, 'SIGKILL')
    await until(() => !trySignalProcess(pid, 0))
    expect(isOwnerProcessAlive(owner)).toBe(false)
  })

  it('has the same place in each of its processes', async () => {
    expect(await told([], 'getPidScope()')).toBe(getPidScope())
  })
})

describe.runIf(process.platform === 'linux')('an owner elsewhere', () => {
  const [boot, namespace] = getPidScope().split(' ')
  const gone = { pid: 2 ** 22 + 1, startTime: '1' }

  it.each([
    ['of another boot', `another ${namespace}`, false],
    ['in another namespace', `${boot} pid:[1]`, true],
    ['that does not know its namespace', `${boot} -`, true],
    ['that does not know its boot', `- ${namespace}`, true],
  ])('%s: %s is %s', (_, place, expected) => {
    expect(isOwnerProcessAlive({ ...gone, place })).toBe(expected)
  })

  it.runIf(canUnshare)('in a namespace of its own is not judged by its pid', async () => {
    for (const sandbox of sandboxes) {
      const place = String(await told(sandbox, 'getPidScope()'))
      expect(place.split(' ')[0]).toBe(boot)
      expect(place).not.toBe(getPidScope())
      expect(isOwnerProcessAlive({ ...gone, place })).toBe(true)
    }
  })

  it.runIf(canUnshare)('finds one beside it, though /proc is not of their namespace', async () => {
    const beside = `(() => {
      const { pid } = spawn('sleep', ['1000'])
      const place = getPidScope()
      return [isOwnerProcessAlive({ pid, startTime: '1', place }), isOwnerProcessAlive({ pid: pid + 1000, startTime: '1', place })]
    })()`
    expect(await told(unshare, beside)).toEqual([true, false])
  })
})
