import { installFakeClaude, processesWith } from '@subagent-mcp/testkit'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  clientOf,
  containing,
  daemonPid,
  launchCall,
  launchEndless,
  opening,
  oursIn,
  pidIn,
  serve,
} from './cli-daemon.test.support.js'
import { untilEnd, useCliHouse } from '../cli-house.test.support.js'

const theHouse = useCliHouse()
const ours = (...names: string[]) => oursIn(theHouse(), ...names)
/** vitest's own has no type. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const runs = (pid: number) => processesWith(theHouse().home).includes(pid)

describe('hosts', () => {
  test('get one daemon, however many start at once, and it outlives them', async () => {
    const servers = await Promise.all(Array.from({ length: 12 }, () => serve(theHouse())))
    await expect.poll(async () => (await clientOf(theHouse()).health()).connections).toBe(12)
    for (const { child } of servers) child.stdin.end()
    const ends = await Promise.all(servers.map(({ end }) => end))
    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      ends.map(() => ({ code: 0, stderr: '' })),
    )
    await expect.poll(async () => (await clientOf(theHouse()).health()).connections).toBe(0)
    expect(
      theHouse()
        .log()
        .match(/listens on/g),
    ).toHaveLength(1)
  })

  test('are told when it is stopped', async () => {
    const { end } = await serve(theHouse())
    await theHouse().run(['daemon', 'stop'])
    expect(await end).toMatchObject({ code: 1, stderr: containing('the daemon has ended') })
  })

  test('get another after it was killed', async () => {
    const first = await serve(theHouse())
    const { pid } = await clientOf(theHouse()).health()
    process.kill(pid, 'SIGKILL')
    expect(await first.end).toMatchObject({ code: 1 })
    const next = await serve(theHouse())
    expect(await daemonPid(theHouse())).not.toBe(pid)
    next.child.stdin.end()
    expect(await next.end).toMatchObject({ code: 0, stderr: '' })
    expect(theHouse().log()).toContain(`took over from daemon ${pid}`)
  })

  test('can do without it', async () => {
    const { child, end } = await serve(theHouse(), ['serve', '--in-process'])
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0, stderr: '' })
    expect((await theHouse().run(['daemon', 'status'])).stdout).toContain('no daemon runs')
  })

  test('are told when nothing can be kept', async () => {
    mkdirSync(ours('journal.db'), { recursive: true })
    const child = theHouse().start(['serve'])
    child.stdin.write(opening)
    const { code, stderr } = await untilEnd(child)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^subagent-mcp: the daemon did not start:\nsubagent-mcp: .*journal\.db/)
    expect(stderr).toContain('serving without a daemon')
  })
})

describe('the daemon', () => {
  test('keeps its files to the user', async () => {
    await theHouse().run(['daemon', 'start'])
    const modes = [['run'], ['run', 'daemon-0.0.0.sock'], ['daemon-0.0.0.log']].map(
      (names) => statSync(ours(...names)).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o600, 0o600])
  })

  test('says nothing of what is in an environment', async () => {
    const { run, log } = theHouse()
    await run(['daemon', 'start'], { API_KEY: 'secret', SUBAGENT_MCP_NOTE: 'secret' })
    const child = theHouse().start(['serve'], { API_KEY: 'secret' })
    child.stdin.end(opening)
    await untilEnd(child)
    await run(['daemon', 'stop'])
    expect(log()).not.toContain('secret')
  })

  test('is not needed where one is at work', async () => {
    const { run } = theHouse()
    const pid = pidIn((await run(['daemon', 'start'])).stdout)
    const surplus = await run(['daemon', 'run'])
    expect(surplus).toMatchObject({ code: 0, stderr: containing('not needed') })
    expect(await daemonPid(theHouse())).toBe(pid)
  })

  test('waits for running turns when it is stopped; what does not end is told; the next waits for it', async () => {
    const { run, start } = theHouse()
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "daemon": { "drainSeconds": 3 } }')
    const pid = pidIn((await run(['daemon', 'start'])).stdout)
    const { id, remove } = await launchEndless(theHouse())
    const stopping = run(['daemon', 'stop'])
    await expect.poll(async () => (await clientOf(theHouse()).health()).draining).toBe(true)
    expect((await run(['daemon', 'status'])).stdout).toContain('is stopping')
    const next = start(['daemon', 'run'])
    const nextEnd = untilEnd(next)
    const { code, stdout, stderr } = await stopping
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'waiting for 1 agent to end what they do ...\n' })
    expect(stdout).toContain(
      `daemon ${pid} has ended\ninterrupted: ${id}\na message resumes one: subagent-mcp send ${id}`,
    )
    await expect.poll(() => daemonPid(theHouse())).toBe(next.pid)
    const [agent] = await clientOf(theHouse()).agents()
    expect(agent).toMatchObject({ id, status: 'interrupted', alive: false })
    remove()
    next.kill()
    expect(await nextEnd).toMatchObject({ code: 0, stderr: containing('waits for another one') })
  })

  test('interrupts agents that are to end with their host; a host that comes meanwhile gets the next one', async () => {
    const { run, start } = theHouse()
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "onHostExit": "kill", "daemon": { "drainSeconds": 3600 } }')
    const { executable, remove } = installFakeClaude('hangs-in-turn')
    const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable }
    const first = await serve(theHouse(), ['serve'], variables)
    first.child.stdin.write(launchCall)
    const agents = () => clientOf(theHouse()).agents()
    await expect.poll(async () => (await agents())[0]?.status).toBe('processing')
    const stopping = run(['daemon', 'stop'])
    await expect.poll(async () => (await clientOf(theHouse()).health()).draining).toBe(true)
    const next = start(['serve'])
    const nextEnd = untilEnd(next)
    let stdout = ''
    next.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    next.stdin.write(opening)
    await expect.poll(() => theHouse().log()).toContain('connection refused: the daemon is stopping')
    expect((await run(['daemon', 'stop'])).stderr).toContain('it is stopping already')
    const told = containing('\n1 host loses its tools until it reconnects (Claude Code: /mcp)\ninterrupted: ')
    expect(await stopping).toMatchObject({ code: 0, stdout: told })
    expect(await first.end).toMatchObject({ code: 1 })
    await expect.poll(() => stdout).toContain('"launch_agent"')
    expect(await agents()).toMatchObject([{ status: 'interrupted', takesMessages: true }])
    remove()
    next.stdin.end()
    expect(await nextEnd).toMatchObject({ code: 0, stderr: containing('the daemon is stopping') })
  })

  test('tells what is wrong with its configuration, and does with defaults', async () => {
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "idleClose": 1 }')
    const { run, log } = theHouse()
    const problem = /defaults are used: .*config\.jsonc:1: .*"idleClose".*daemon restart/
    expect(await run(['daemon', 'start'])).toMatchObject({
      code: 0,
      stderr: matching(problem),
    })
    expect((await run(['daemon', 'status'])).stdout).toMatch(problem)
    expect(log()).toMatch(problem)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends on %s, but not on SIGHUP', async (signal) => {
    const child = theHouse().start(['daemon', 'run'])
    const end = untilEnd(child)
    await expect.poll(() => daemonPid(theHouse())).toBe(child.pid)
    child.kill('SIGHUP')
    expect(await daemonPid(theHouse())).toBe(child.pid)
    child.kill(signal)
    expect(await end).toMatchObject({ code: 0, stderr: containing(`ends: ${signal}`) })
    expect(readdirSync(ours('run'))).toEqual([])
  })

  test('ends when it has had nothing to do', async () => {
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "daemon": { "idleExitMinutes": 0.005 } }')
    const { end, child } = await serve(theHouse())
    const { pid } = await clientOf(theHouse()).health()
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0 })
    await expect.poll(() => runs(pid)).toBe(false)
    expect(theHouse().log()).toContain('nothing to do')
  })
})
