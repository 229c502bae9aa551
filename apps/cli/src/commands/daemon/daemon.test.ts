import { processesWith, thorough } from '@subagent-mcp/testkit'
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { containing, daemonPid, oursIn, daemonPidIn } from '../../daemon/cli-daemon.test.support.js'
import { untilProcessEnds, useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()
const ours = (...names: string[]) => oursIn(theRuntime(), ...names)
const runs = (pid: number) => processesWith(theRuntime().home).includes(pid)

test('status says that no daemon runs, and starts none', async () => {
  const { run, home } = theRuntime()
  for (const word of ['status', 'stop']) {
    expect(await run(['daemon', word])).toMatchObject({
      code: 0,
      stdout: containing('no daemon runs'),
    })
  }
  const { stdout } = await run(['daemon', 'status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    running: false,
    version: '0.0.0',
    socket: ours('run', 'daemon-0.0.0.sock'),
    others: [],
  })
  expect((await run(['daemon', 'logs'])).stdout).toMatch(/^there is no log yet: .*daemon-0.0.0.log\n$/)
  expect(readdirSync(home)).toEqual([])
})

test('starts it, looks at it, reads its log, restarts it and stops it', async () => {
  const { run } = theRuntime()
  const started = await run(['daemon', 'start'])
  const pid = daemonPidIn(started.stdout)
  expect(started).toEqual({ code: 0, stdout: `daemon ${pid} of version 0.0.0 has started\n`, stderr: '' })
  expect((await run(['daemon', 'start'])).stdout).toContain(`daemon ${pid} of version 0.0.0 runs already`)
  expect((await run(['daemon', 'status'])).stdout).toMatch(
    /^daemon \d+ of version 0.0.0 has run for .*with 0 agents\n/,
  )
  const { stdout } = await run(['daemon', 'status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    running: true,
    pid,
    connections: 0,
    log: ours('daemon-0.0.0.log'),
  })
  expect((await run(['daemon', 'logs'])).stdout).toMatch(
    /^\d{4}-.*Z daemon \d+ of version 0.0.0 listens on .*sock\n$/,
  )
  const again = await run(['daemon', 'restart'])
  expect(again).toMatchObject({ code: 0, stderr: `daemon ${pid} has ended\n` })
  const next = daemonPidIn(again.stdout)
  expect(next).not.toBe(pid)
  expect(await daemonPid(theRuntime())).toBe(next)
  expect(await run(['daemon', 'stop'])).toEqual({
    code: 0,
    stdout: `daemon ${next} has ended\n`,
    stderr: '',
  })
  expect([pid, next].filter(runs)).toEqual([])
  expect(readdirSync(ours('run'))).toEqual([])
})

test('follows its log, also as JSON, a line each, and over the time when it was emptied', async () => {
  const { run, start } = theRuntime()
  await run(['daemon', 'restart']) // where none runs, this starts one
  await followAsJson()
  const follower = start(['daemon', 'logs', '-f'])
  let seen = ''
  follower.stdout.on('data', (chunk: Buffer) => (seen += String(chunk)))
  await expect.poll(() => seen).toContain('listens on')
  writeFileSync(ours('daemon-0.0.0.log'), 'anew\n')
  await expect.poll(() => seen).toContain('\nanew\n')
  follower.kill()
  await untilProcessEnds(follower)
})

async function followAsJson(): Promise<void> {
  const follower = theRuntime().start(['daemon', 'logs', '-f', '--json'])
  let seen = ''
  follower.stdout.on('data', (chunk: Buffer) => (seen += String(chunk)))
  await expect.poll(() => seen).toMatch(/^{"at":"\d{4}-.*Z","line":"daemon .* listens on .*"}\n$/)
  appendFileSync(ours('daemon-0.0.0.log'), 'half a')
  appendFileSync(ours('daemon-0.0.0.log'), ' line\n')
  await expect.poll(() => seen).toMatch(/}\n{"line":"half a line"}\n$/)
  follower.kill()
  await untilProcessEnds(follower)
}

test('sees the daemons of other versions too', async () => {
  const { run } = theRuntime()
  const health = {
    version: '9.9.9',
    pid: 77,
    startedAt: 0,
    uptimeSeconds: 60,
    queue: 0,
    connections: 0,
    hosts: 0,
  }
  const agents = { running: 0, alive: 0, total: 2 }
  const other = createServer((_, response) => {
    response.end(JSON.stringify({ ...health, draining: false, agents, journal: { path: '/j', bytes: 0 } }))
  })
  mkdirSync(ours('run'), { recursive: true })
  await new Promise<void>((resolve) => other.listen(ours('run', 'daemon-9.9.9.sock'), resolve))
  const { stdout } = await run(['daemon', 'status'])
  expect(stdout).toContain('no daemon runs')
  expect(stdout).toContain('also daemon 77 of version 9.9.9 has run for 1 min 0 s with 2 agents')
  await new Promise((resolve) => other.close(resolve))
})

test('status reports a daemon that hangs', thorough, async () => {
  const { run } = theRuntime()
  const pid = daemonPidIn((await run(['daemon', 'start'])).stdout)
  process.kill(pid, 'SIGSTOP')
  expect(await run(['daemon', 'status'])).toMatchObject({
    code: 1,
    stderr: containing('a daemon runs but does not answer\nhint: its log says'),
  })
})
