import { installFakeClaude } from '@subagent-mcp/testkit'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { containing, daemonPidIn } from '../../daemon/cli-daemon.test.support.js'
import { useCliRuntime } from '../../cli-runtime.test.support.js'

const theRuntime = useCliRuntime()

const Report = z.object({
  errors: z.number(),
  warnings: z.number(),
  findings: z.array(z.looseObject({ check: z.string(), severity: z.string(), what: z.string() })),
})

/** Runs `doctor --json` with a Claude CLI that is signed in, and returns its findings and exit code. */
async function examine(...words: string[]) {
  const { run } = theRuntime()
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
  expect(readdirSync(theRuntime().home)).toEqual([])
})

test('prints a report for an issue without the paths of the machine', async () => {
  const { run, home } = theRuntime()
  const { code, stdout } = await run(['doctor', '--report'], { PATH: '/nothing' })
  expect(code).toBe(1)
  expect(stdout).toMatch(/^subagent-mcp 0\.0\.0, Node\.js \d+\.\d+\.\d+, \w+ .*\n\n```text\nok {7}node: /)
  expect(stdout).not.toContain(home)
  expect(await run(['doctor', '--report', '--json'])).toMatchObject({
    code: 2,
    stderr: containing('--report cannot be combined with --json'),
  })
})

test('mends by setup what has changed since, and tells a person', async () => {
  const { run, home } = theRuntime()
  mkdirSync(join(home, '.codex'))
  expect(await run(['setup', '--yes'])).toMatchObject({ code: 0 })
  writeFileSync(join(home, '.codex/config.toml'), 'model = "mine"\n')
  const { stdout, stderr } = await run(['doctor', '--fix', '--yes'], { PATH: '/nothing' })
  expect(stderr).toBe('subagent-mcp setup --host codex ...\n')
  expect(stdout).toMatch(/^ok {7}node: \d+\.\d+\.\d+\n/)
  expect(stdout).toContain('ok       hosts: Codex, for all projects\n')
  expect(stdout).toContain('ok       hook trust: Codex trusts our 3 hooks')
  expect(stdout).not.toContain('\u001b')
})

test('sees the daemon, and what it keeps', async () => {
  const pid = daemonPidIn((await theRuntime().run(['daemon', 'start'])).stdout)
  const report = await examine()
  expect(report.of('daemon')).toMatchObject([{ severity: 'ok', what: containing(`${pid} of version 0.0.0`) }])
  expect(report.of('journal')).toMatchObject([{ severity: 'ok' }])
  expect(report.of('rights')).toMatchObject([{ severity: 'ok' }])
})
