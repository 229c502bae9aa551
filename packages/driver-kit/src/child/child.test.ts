import { describe, expect, it } from 'vitest'
import { childStarter, until } from '../children.test.support.js'
import { isProcessRunning } from '../processes/process-table.js'
import { createWatchdog, type Watchdog } from './watchdog.js'

const start = childStarter()
const startNode = (script: string, ...rest: [Parameters<typeof start>[2]?]) =>
  start(process.execPath, ['-e', script], ...rest)

/** A Node script that copies its stdin to its stdout, until its input ends. */
const echo = 'process.stdin.pipe(process.stdout)'

describe('lines', () => {
  it('go in and come out', async () => {
    const { child, lines } = startNode(echo)
    child.write('héllo 🦊')
    child.write('zwei')
    await until(() => lines.length === 2)
    expect(lines).toEqual(['héllo 🦊', 'zwei'])
  })

  it('keep characters whole that the child writes in two parts', async () => {
    const { lines, exited } = startNode(`
      const bytes = Buffer.from('日本🦊\\n')
      process.stdout.write(bytes.subarray(0, 8), () => setImmediate(() => process.stdout.write(bytes.subarray(8))))
    `)
    await exited
    expect(lines).toEqual(['日本🦊'])
  })

  it('come with CRLF and without an end', async () => {
    const { lines, exited } = start('/bin/sh', ['-c', String.raw`printf 'a\r\nb\nhalf'`])
    await exited
    expect(lines).toEqual(['a', 'b', 'half'])
  })

  it('of 50 MB come whole', async () => {
    const { lines, exited } = startNode(`process.stdout.write('x'.repeat(50e6) + '\\nafter\\n')`)
    await exited
    expect(lines.map((line) => line.length)).toEqual([50e6, 5])
  })

  it('of 50 MB go in whole', async () => {
    const { child, lines, exited } = startNode(
      `let bytes = 0
      process.stdin.on('data', (chunk) => { bytes += chunk.length }).on('end', () => console.log(bytes))`,
      { graceMs: 60_000 },
    )
    child.write('x'.repeat(50e6))
    const stopped = child.stop('graceful')
    child.write('too late')
    await stopped
    expect(await exited).toMatchObject({ code: 0 })
    expect(lines).toEqual(['50000001'])
  })

  it('over the limit are told and lost; the next one comes', async () => {
    const options = { maxLineBytes: 1_000_000 }
    const { lines, oversized, exited } = startNode(
      `process.stdout.write('x'.repeat(5e6) + '\\nafter\\n')`,
      options,
    )
    await exited
    expect(oversized()).toBe(1)
    expect(lines).toEqual(['after'])
  })

  it('all come before the exit, however many they are', async () => {
    const seen: number[] = []
    const { lines, exited } = startNode(`for (let i = 0; i < 100000; i += 1) console.log(i)`, {
      onExit: () => seen.push(lines.length),
    })
    void exited
    await until(() => seen.length > 0)
    expect(seen).toEqual([100_000])
  })
})

describe('exit', () => {
  it('tells code and the tail of stderr', async () => {
    const { child, exits, exited } = start('/bin/sh', ['-c', 'echo no such model >&2; exit 3'])
    expect(await exited).toEqual({ code: 3, signal: null, stderrTail: 'no such model\n' })
    expect(child.stderrTail()).toBe('no such model\n')
    expect(exits).toHaveLength(1)
  })

  it('tells the signal', async () => {
    const { exited } = start('/bin/sh', ['-c', 'kill -9 $$'])
    expect(await exited).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  it.each([
    ['a missing executable', '/nowhere/claude', {}, 'ENOENT'],
    ['a missing folder', '/bin/sh', { cwd: '/nowhere' }, 'ENOENT'],
    ['what cannot be run', '/etc', {}, 'EACCES'],
    ['an argument that is too long', '/bin/sh', { args: ['x'.repeat(1_000_000)] }, 'E2BIG'],
  ])('tells of %s', async (_name, command, overrides, code) => {
    const { child, exits, exited } = start(command, [], overrides)
    child.write('into nothing')
    expect(child.pid).toBeUndefined()
    expect(exits).toEqual([])
    expect(await exited).toMatchObject({ code: null, signal: null, stderrTail: '', spawnError: { code } })
    await child.stop('graceful')
    expect(exits).toHaveLength(1)
  })

  it('does not wait for a process that nothing leads to any more and that holds the output', async () => {
    const chatter = `['-c', 'while echo tick; do sleep 0.01; done'], { env: {}, detached: true, stdio: 'inherit' }`
    const { lines, exited } = startNode(
      `const { pid } = require('node:child_process').spawn('/bin/sh', ${chatter}); console.log(pid); process.exit()`,
    )
    expect(await exited).toMatchObject({ code: 0 })
    const told = lines.length
    const pid = Number(lines.find((line) => line !== 'tick'))
    await until(() => !isProcessRunning(pid))
    expect(lines).toHaveLength(told)
  })
})

describe('writing', () => {
  it('to a child that died is swallowed, a large line too', async () => {
    const { child, exits, exited } = start('/bin/sh', ['-c', 'exit 0'])
    child.write('x'.repeat(10_000_000))
    await exited
    child.write('after its death')
    expect(exits).toHaveLength(1)
  })

  it('to a child that closed its input is swallowed', async () => {
    const { child, lines } = start('/bin/sh', ['-c', 'exec <&-; echo closed; exec sleep 30'])
    await until(() => lines.length === 1)
    child.write('x'.repeat(1_000_000))
    child.write('more')
    await child.stop('kill')
  })
})

it('is in the charge of the watchdog from its start to its end', async () => {
  const told: unknown[] = []
  const watchdog: Watchdog = {
    nonce: 'n0nce',
    arm: () => told.push('arm'),
    watch: (pid) => told.push(['watch', pid]),
    unwatch: (pid) => told.push(['unwatch', pid]),
    close: () => Promise.resolve(),
  }
  const { child } = start('/bin/cat', [], { watchdog, onExit: () => told.push('exit') })
  expect(told).toEqual(['arm', ['watch', child.pid]])
  await child.stop('graceful')
  expect(told).toEqual(['arm', ['watch', child.pid], ['unwatch', child.pid], 'exit'])
})

describe('environment', () => {
  it('is what was given, and the mark; a mark of a supervisor above is replaced', async () => {
    const watchdog = createWatchdog()
    const { lines, exited } = start('/usr/bin/env', [], {
      environment: { ONLY: 'this', SUBAGENT_MCP_NONCE: 'above' },
      watchdog,
    })
    await exited
    await watchdog.close()
    expect(lines.toSorted()).toEqual([
      'ONLY=this',
      expect.stringMatching(`^SUBAGENT_MCP_NONCE=${watchdog.nonce}\\.[0-9a-f]+$`),
    ])
  })
})
