import { installFakeClaude, processesWith, thorough } from '@subagent-mcp/testkit'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  clientOf,
  containing,
  daemonPid,
  launchArguments,
  launchCallers,
  launchEndless,
  openingLines,
  oursIn,
  daemonPidIn,
  startMcp,
  testEachSignal,
} from './cli-daemon.test.support.js'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()
const ours = (...names: string[]) => oursIn(theRuntime(), ...names)
/** `expect.stringMatching`, typed as `unknown` because vitest types it as `any`. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const runs = (pid: number) => processesWith(theRuntime().home).includes(pid)

/** Returns a call as clients of MCP 2026 send it: each call names the protocol version, the client and its capabilities. */
function modernCall(id: number): string {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name: 'list_agents', arguments: {}, _meta }
  return `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params })}\n`
}

describe('hosts', () => {
  test('get one daemon, however many start at once, and it outlives them', async () => {
    const servers = await Promise.all(Array.from({ length: 12 }, () => startMcp(theRuntime())))
    await expect.poll(async () => (await clientOf(theRuntime()).health()).connections).toBe(12)
    for (const { child } of servers) child.stdin.end()
    const ends = await Promise.all(servers.map(({ end }) => end))
    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      ends.map(() => ({ code: 0, stderr: '' })),
    )
    await expect.poll(async () => (await clientOf(theRuntime()).health()).connections).toBe(0)
    expect(
      theRuntime()
        .log()
        .match(/listens on/g),
    ).toHaveLength(1)
  })

  test('continue with the next daemon when theirs was killed: they keep their agents, and only one daemon starts', async () => {
    const { executable, remove } = installFakeClaude('hangs-in-turn')
    const host = await startMcp(theRuntime(), ['serve'], {
      ANTHROPIC_API_KEY: 'dummy',
      SUBAGENT_MCP_CLAUDE_PATH: executable,
      // What a killed daemon leaves there goes with it.
      TMPDIR: theRuntime().home,
    })
    const { call, answers, child, end } = host
    call(2, 'launch_agent', launchArguments)
    await expect.poll(() => answers.has(2)).toBe(true)
    call(3, 'wait', {})
    const { pid } = await clientOf(theRuntime()).health()
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => answers.get(3)).toMatch(/"error".*was not sent again/)
    // Nobody else is there: this starts the next one.
    call(4, 'wait', {})
    await expect.poll(() => answers.get(4), { timeout: 15_000 }).toContain('interrupted')
    call(5, 'launch_agent', launchArguments)
    await expect.poll(() => answers.has(5)).toBe(true)
    const callers = await launchCallers(theRuntime())
    expect(callers).toHaveLength(2)
    expect(new Set(callers).size).toBe(1)
    expect(await daemonPid(theRuntime())).not.toBe(pid)
    expect(theRuntime().log()).toContain(`took over from daemon ${pid}`)
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0, stderr: containing('the daemon has ended') })
    remove()
  })

  test('are there again by themselves after a restart, and know the tools', async () => {
    const { run } = theRuntime()
    const { call, answers, child, end } = await startMcp(theRuntime())
    const old = await daemonPid(theRuntime())
    const words = 'connects again as soon as a daemon runs; the next tool call starts one'
    expect(await run(['daemon', 'restart'])).toMatchObject({
      code: 0,
      stderr: containing(`1 host ${words}`),
    })
    await expect.poll(async () => (await clientOf(theRuntime()).health()).hosts).toBe(1)
    expect(await daemonPid(theRuntime())).not.toBe(old)
    call(2, 'list_agents', {})
    await expect.poll(() => answers.get(2)).toContain('"result"')
    expect(await run(['daemon', 'stop'])).toMatchObject({ code: 0, stdout: containing(`1 host ${words}`) })
    expect(await daemonPid(theRuntime())).toBeUndefined()
    call(3, 'list_agents', {})
    await expect.poll(() => answers.get(3), { timeout: 15_000 }).toContain('"result"')
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0 })
  })

  test('of the protocol of 2026 go on too, with nothing to say again', thorough, async () => {
    const { run, start } = theRuntime()
    const child = start(['serve'])
    const end = untilProcessEnds(child)
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
    child.stdin.write(modernCall(1))
    await expect.poll(() => stdout).toContain('"id":1')
    expect((await run(['daemon', 'restart'])).code).toBe(0)
    child.stdin.write(modernCall(2))
    await expect.poll(() => stdout).toContain('"id":2')
    expect(stdout.match(/"result"/g)).toHaveLength(2)
    expect(stdout).not.toContain('"error"')
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0 })
  })

  test('can do without it', async () => {
    const { child, end } = await startMcp(theRuntime(), ['serve', '--in-process'])
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0, stderr: '' })
    expect((await theRuntime().run(['daemon', 'status'])).stdout).toContain('no daemon runs')
  })

  test('get an error when nothing can be stored', async () => {
    mkdirSync(ours('journal.db'), { recursive: true })
    const child = theRuntime().start(['serve'])
    child.stdin.write(openingLines)
    const { code, stderr } = await untilProcessEnds(child)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^subagent-mcp: the daemon did not start:\nsubagent-mcp: .*journal\.db/)
    expect(stderr).toContain('serving without a daemon')
  })
})

describe('the daemon', () => {
  test('keeps its files to the user, and is not needed where one is at work', async () => {
    const { run } = theRuntime()
    const pid = daemonPidIn((await run(['daemon', 'start'])).stdout)
    const modes = [['run'], ['run', 'daemon-0.0.0.sock'], ['daemon-0.0.0.log']].map(
      (names) => statSync(ours(...names)).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o600, 0o600])
    const surplus = await run(['daemon', 'run'])
    expect(surplus).toMatchObject({ code: 0, stderr: containing('not needed') })
    expect(await daemonPid(theRuntime())).toBe(pid)
  })

  test('logs no values of environment variables', async () => {
    const { run, log } = theRuntime()
    await run(['daemon', 'start'], { API_KEY: 'secret', SUBAGENT_MCP_NOTE: 'secret' })
    const child = theRuntime().start(['serve'], { API_KEY: 'secret' })
    child.stdin.end(openingLines)
    await untilProcessEnds(child)
    await run(['daemon', 'stop'])
    expect(log()).not.toContain('secret')
  })

  test('waits for running turns when it is stopped, logs the ones that it interrupts, and the next daemon waits for it', async () => {
    const { run, start } = theRuntime()
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "daemon": { "drainSeconds": 3600 } }')
    const pid = daemonPidIn((await run(['daemon', 'start'])).stdout)
    const { id, remove } = await launchEndless(theRuntime())
    const stopping = run(['daemon', 'stop'])
    await expect.poll(async () => (await clientOf(theRuntime()).health()).draining).toBe(true)
    expect((await run(['daemon', 'status'])).stdout).toContain('is stopping')
    const next = start(['daemon', 'run'])
    const nextEnd = untilProcessEnds(next)
    let said = ''
    next.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
    await expect.poll(() => said).toContain('waits for another one')
    await run(['daemon', 'stop']) // the second one waits no longer
    const { code, stdout, stderr } = await stopping
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'waiting for the turns of 1 agent to end ...\n' })
    expect(stdout).toContain(
      `daemon ${pid} has ended\ninterrupted: ${id}\na message resumes one: subagent-mcp send ${id}`,
    )
    await expect.poll(() => daemonPid(theRuntime())).toBe(next.pid)
    const [agent] = await clientOf(theRuntime()).agents()
    expect(agent).toMatchObject({ id, status: 'interrupted', alive: false })
    remove()
    next.kill()
    expect(await nextEnd).toMatchObject({ code: 0 })
  })

  test(
    'interrupts agents that are to end with their host; a host that comes meanwhile gets the next one',
    thorough,
    async () => {
      const { run, start } = theRuntime()
      mkdirSync(ours())
      writeFileSync(ours('config.jsonc'), '{ "onHostExit": "kill", "daemon": { "drainSeconds": 3600 } }')
      const { executable, remove } = installFakeClaude('hangs-in-turn')
      const variables = { ANTHROPIC_API_KEY: 'dummy', SUBAGENT_MCP_CLAUDE_PATH: executable }
      const first = await startMcp(theRuntime(), ['serve'], variables)
      first.call(2, 'launch_agent', launchArguments)
      const agents = () => clientOf(theRuntime()).agents()
      await expect.poll(async () => (await agents())[0]?.status).toBe('processing')
      const stopping = run(['daemon', 'stop'])
      await expect.poll(async () => (await clientOf(theRuntime()).health()).draining).toBe(true)
      const next = start(['serve'])
      const nextEnd = untilProcessEnds(next)
      let stdout = ''
      next.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)))
      next.stdin.write(openingLines)
      await expect.poll(() => theRuntime().log()).toContain('connection refused: the daemon is stopping')
      expect((await run(['daemon', 'stop'])).stderr).toContain('it is stopping already')
      const told = matching(/\n1 host connects again .*\ninterrupted: /)
      expect(await stopping).toMatchObject({ code: 0, stdout: told })
      await expect.poll(() => stdout).toContain('"launch_agent"')
      expect(await agents()).toMatchObject([{ status: 'interrupted', takesMessages: true }])
      remove()
      next.stdin.end()
      expect(await nextEnd).toMatchObject({ code: 0, stderr: containing('the daemon is stopping') })
      first.child.stdin.end()
      expect(await first.end).toMatchObject({ code: 0 })
    },
  )

  test('reports an invalid configuration, and uses defaults', async () => {
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "idleClose": 1 }')
    const { run, log } = theRuntime()
    const problem = /defaults are used: .*config\.jsonc:1: .*"idleClose".*daemon restart/
    expect(await run(['daemon', 'start'])).toMatchObject({
      code: 0,
      stderr: matching(problem),
    })
    expect((await run(['daemon', 'status'])).stdout).toMatch(problem)
    expect(log()).toMatch(problem)
  })

  testEachSignal(['SIGTERM', 'SIGINT'], '%s ends it, and SIGHUP does not', async (signal) => {
    const child = theRuntime().start(['daemon', 'run'])
    const end = untilProcessEnds(child)
    await expect.poll(() => daemonPid(theRuntime())).toBe(child.pid)
    child.kill('SIGHUP')
    expect(await daemonPid(theRuntime())).toBe(child.pid)
    child.kill(signal)
    expect(await end).toMatchObject({ code: 0, stderr: containing(`ends: ${signal}`) })
    expect(readdirSync(ours('run'))).toEqual([])
  })

  test('ends when it has had nothing to do', async () => {
    mkdirSync(ours())
    writeFileSync(ours('config.jsonc'), '{ "daemon": { "idleExitMinutes": 0.005 } }')
    const { end, child } = await startMcp(theRuntime())
    const { pid } = await clientOf(theRuntime()).health()
    child.stdin.end()
    expect(await end).toMatchObject({ code: 0 })
    await expect.poll(() => runs(pid)).toBe(false)
    expect(theRuntime().log()).toContain('nothing to do')
  })
})
