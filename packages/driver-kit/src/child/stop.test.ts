import { describe, expect, it } from 'vitest'
import type { ChildProcessOptions } from './child.js'
import { childStarter, stubbornScript, until, scriptWithChild } from '../children.test.support.js'
import { isProcessRunning } from '../processes/process-table.js'

const start = childStarter()

/** Starts a Node child in a test, and resolves after its first lines. */
async function startNode(
  script: string,
  { lines = 1, ...overrides }: Partial<ChildProcessOptions> & { lines?: number } = {},
) {
  const gathered = start(process.execPath, ['-e', script], { graceMs: 100, ...overrides })
  await until(() => gathered.lines.length >= lines)
  return gathered
}

/** Starts a child that runs a script and has a stubborn process below it, in its group or in one of its own. */
async function startParent(detached: boolean, script: string, overrides: Partial<ChildProcessOptions> = {}) {
  const gathered = await startNode(scriptWithChild(stubbornScript, { detached }) + script, {
    lines: 3,
    ...overrides,
  })
  const below = Number(gathered.lines.find((line) => line !== 'up'))
  return { ...gathered, below, pid: gathered.child.pid ?? 0 }
}

describe('stop', () => {
  it('ends the input, and leaves a child that goes by itself the time for its last line', async () => {
    const { child, lines, exits } = await startNode(
      `console.log('up'); process.stdin.resume().on('end', () => { console.log('bye'); process.exitCode = 7 })`,
      { graceMs: 10_000 },
    )
    await child.stop('graceful')
    expect(lines).toEqual(['up', 'bye'])
    expect(exits).toEqual([{ code: 7, signal: null, stderrTail: '' }])
  })

  it('then sends TERM', async () => {
    const { child, exits } = await startNode(`setInterval(() => {}, 1e6); console.log('up')`)
    await child.stop('graceful')
    expect(exits).toMatchObject([{ code: null, signal: 'SIGTERM' }])
  })

  it('sends one TERM, however often it is called', async () => {
    const { child, lines } = await startNode(
      `process.on('SIGTERM', () => console.log('TERM')); ${stubbornScript}`,
    )
    await Promise.all([child.stop('graceful'), child.stop('graceful'), child.stop('graceful')])
    expect(lines).toEqual(['up', 'TERM'])
  })

  it('then sends KILL', async () => {
    const { child, exits } = await startNode(stubbornScript)
    await child.stop('graceful')
    expect(exits).toMatchObject([{ code: null, signal: 'SIGKILL' }])
  })

  it('gets to KILL with a child that is halted', async () => {
    const { child, lines, exits } = start('/bin/sh', ['-c', 'echo up; kill -STOP $$'], { graceMs: 100 })
    await until(() => lines.length === 1)
    await child.stop('graceful')
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }])
  })

  it('goes straight to KILL when told to', async () => {
    const { child, lines, exits } = await startNode(
      `process.stdin.resume().on('end', () => console.log('end')); process.on('SIGTERM', () => console.log('TERM')); console.log('up')`,
    )
    await child.stop('kill')
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }])
    expect(lines).toEqual(['up'])
  })

  it('is hurried by a later kill', async () => {
    const { child, exits } = await startNode(stubbornScript, { graceMs: 1e9 })
    const graceful = child.stop('graceful')
    await child.stop('kill')
    await graceful
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }])
  })

  it('is the same however often it is called, and after the exit', async () => {
    const { child, exits } = await startNode(stubbornScript)
    await Promise.all([
      child.stop('graceful'),
      child.stop('graceful'),
      child.stop('kill'),
      child.stop('graceful'),
    ])
    await child.stop('kill')
    await child.stop('graceful')
    expect(exits).toHaveLength(1)
  })

  it('works right after the start', async () => {
    const { child, exits } = start(process.execPath, ['-e', stubbornScript])
    await child.stop('kill')
    expect(exits).toMatchObject([{ signal: 'SIGKILL' }])
  })
})

describe('what is below a child', () => {
  it.each([
    ['in its group', 'graceful', false],
    ['in its group', 'kill', false],
    ['out of its group', 'graceful', true],
    ['out of its group', 'kill', true],
  ] as const)('%s ends on %s', async (_where, mode, detached) => {
    const { child, below } = await startParent(detached, stubbornScript)
    await child.stop(mode)
    expect(isProcessRunning(below)).toBe(false)
  })

  it.each([
    ['in its group', false],
    ['out of its group', true],
  ])(
    '%s ends when the child dies by itself, and its hold on the output delays nothing',
    async (_where, detached) => {
      const { child, below, exited } = await startParent(
        detached,
        `process.stdin.on('data', () => process.exit(9)); console.log('up')`,
      )
      child.write('die')
      expect(await exited).toMatchObject({ code: 9 })
      expect(isProcessRunning(below)).toBe(false)
    },
  )

  it('ends when the child is killed from outside', async () => {
    const { pid, below, exited } = await startParent(false, stubbornScript)
    process.kill(pid, 'SIGKILL')
    expect(await exited).toMatchObject({ signal: 'SIGKILL' })
    expect(isProcessRunning(below)).toBe(false)
  })

  it('ends when it left the group and its own parent is gone', async () => {
    const middle = `${scriptWithChild(stubbornScript, { detached: true })} process.exit()`
    const { child, lines } = await startNode(scriptWithChild(middle, { detached: true }) + stubbornScript, {
      lines: 4,
    })
    await child.stop('kill')
    expect(lines.filter((line) => line !== 'up').map((pid) => isProcessRunning(Number(pid)))).toEqual([
      false,
      false,
    ])
  })

  it('goes on when it is another child that ends', async () => {
    const one = await startParent(true, stubbornScript)
    const other = await startParent(true, stubbornScript)
    await one.child.stop('kill')
    expect([one.below, other.below, other.pid].map(isProcessRunning)).toEqual([false, true, true])
  })
})
