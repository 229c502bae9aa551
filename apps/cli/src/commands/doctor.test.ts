import { installFakeClaude } from '@subagent-mcp/testkit'
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { containing, oursIn, pidIn } from '../daemon/cli-daemon.test.support.js'
import { useCliHouse } from '../cli-house.test.support.js'

const theHouse = useCliHouse()
const ours = (...names: string[]) => oursIn(theHouse(), ...names)

const Report = z.object({
  errors: z.number(),
  warnings: z.number(),
  findings: z.array(z.looseObject({ check: z.string(), severity: z.string(), what: z.string() })),
})

/** What it says with a CLI that is signed in, and its exit code. */
async function examine(...words: string[]) {
  const { run } = theHouse()
  const claude = installFakeClaude('well')
  const variables = {
    PATH: '/nothing',
    ANTHROPIC_API_KEY: 'dummy',
    SUBAGENT_MCP_CLAUDE_PATH: claude.executable,
  }
  const { code, stdout, stderr } = await run(['doctor', '--json', ...words], variables)
  claude.remove()
  const { findings, ...counts } = Report.parse(JSON.parse(stdout))
  return { code, stderr, ...counts, of: (check: string) => findings.filter((one) => one.check === check) }
}

test('on a machine of its own finds that nothing is set up, and leaves no trace', async () => {
  const report = await examine()
  expect(report).toMatchObject({ code: 1, stderr: '', errors: 1 })
  expect(report.of('node')).toMatchObject([{ severity: 'ok' }])
  expect(report.of('CLIs')).toMatchObject([
    { severity: 'ok', what: containing('claude 2.1.329, signed in') },
    { severity: 'warning', mend: containing('install Codex') },
    { severity: 'warning' },
  ])
  expect(report.of('hosts')).toContainEqual({
    check: 'hosts',
    severity: 'error',
    what: 'no host has our tools',
    mend: 'subagent-mcp setup',
    fixable: false,
  })
  expect(report.of('daemon')).toMatchObject([{ severity: 'ok', what: containing('none runs') }])
  expect(readdirSync(theHouse().home)).toEqual([])
})

test('tells it to a person, without colours in a pipe', async () => {
  const { code, stdout, stderr } = await theHouse().run(['doctor'], { PATH: '/nothing' })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^ok {7}node: \d+\.\d+\.\d+\n/)
  expect(stdout).toContain('error    hosts: no host has our tools\n         subagent-mcp setup\n')
  expect(stdout).not.toContain('\u001b')
})

test('finds all in order after setup, and mends by setup what has changed since', async () => {
  const { run, home } = theHouse()
  mkdirSync(join(home, '.codex'))
  expect(await run(['setup', '--yes'])).toMatchObject({ code: 0 })
  const sound = await examine()
  expect(sound).toMatchObject({ code: 0, errors: 0 })
  expect(sound.of('hosts')).toContainEqual({
    check: 'hosts',
    severity: 'ok',
    what: 'Codex, for all projects',
  })
  expect(sound.of('hook trust')).toMatchObject([{ severity: 'ok' }])

  writeFileSync(join(home, '.codex/config.toml'), 'model = "mine"\n')
  const sick = await examine()
  expect(sick.of('hook trust')).toMatchObject([{ severity: 'warning', fixable: true }])
  const mended = await examine('--fix', '--yes')
  expect(mended).toMatchObject({ code: 0, stderr: 'subagent-mcp setup --host codex ...\n' })
  expect(mended.of('hook trust')).toMatchObject([{ severity: 'ok' }])
})

test('sees the daemon, and the rights of what it keeps', async () => {
  const { run } = theHouse()
  const pid = pidIn((await run(['daemon', 'start'])).stdout)
  const sound = await examine()
  expect(sound.of('daemon')).toMatchObject([{ severity: 'ok', what: containing(`${pid} of version 0.0.0`) }])
  expect(sound.of('journal')).toMatchObject([{ severity: 'ok' }])
  expect(sound.of('rights')).toMatchObject([{ severity: 'ok' }])
  chmodSync(ours(), 0o755)
  expect((await examine()).of('rights')).toMatchObject([{ severity: 'warning' }])
  await examine('--fix', '--yes')
  expect(statSync(ours()).mode & 0o777).toBe(0o700)
})

test('says that a daemon hangs', async () => {
  const { run } = theHouse()
  const pid = pidIn((await run(['daemon', 'start'])).stdout)
  process.kill(pid, 'SIGSTOP')
  expect((await examine()).of('daemon')).toMatchObject([
    { severity: 'error', what: 'the daemon is there and does not answer' },
  ])
})

test('stops a daemon of another version that nobody needs, and no other', async () => {
  let stopped = 0
  let hosts = 1
  const other = createServer((request, response) => {
    if (request.method === 'POST') stopped += 1
    const agents = { running: 0, alive: 0, total: 2 }
    const health = {
      version: '9.9.9',
      pid: 77,
      startedAt: 0,
      uptimeSeconds: 60,
      queue: 0,
      connections: 0,
      hosts,
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ...health, draining: false, agents, journal: { path: '/j', bytes: 0 } }))
  })
  mkdirSync(ours('run'), { recursive: true, mode: 0o700 })
  await new Promise<void>((resolve) => other.listen(ours('run', 'daemon-9.9.9.sock'), resolve))
  const fix = () => theHouse().run(['doctor', '--fix', '--yes'], { PATH: '/nothing' })
  expect((await fix()).stdout).toContain('restart the hosts that were open during the update')
  expect(stopped).toBe(0)
  hosts = 0
  expect((await fix()).stderr).toContain('npx -y subagent-mcp@9.9.9 daemon stop ...\n')
  expect(stopped).toBe(1)
  await new Promise((resolve) => other.close(resolve))
})

test('gives wrong words', async () => {
  expect(await theHouse().run(['doctor', 'me'])).toMatchObject({
    code: 2,
    stderr: containing('hint: subagent-mcp doctor [--fix [--yes]] [--json]'),
  })
})
