import { systemClock } from '@subagent-mcp/contract'
import { createWatchdog } from '@subagent-mcp/driver-kit'
import { containing } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runGateCommand } from './run-gate-command.js'

const folder = mkdtempSync(join(tmpdir(), 'gate-'))
const watchdog = createWatchdog()
afterAll(async () => {
  await watchdog.close()
  rmSync(folder, { recursive: true })
})

const run = (command: string, { limitMs = 60_000, signal = new AbortController().signal } = {}) =>
  runGateCommand(
    { command, folder, environment: { PATH: process.env['PATH'], GIVEN: 'yes', CLAUDECODE: '1' }, signal },
    { watchdog, clock: systemClock, limitMs },
  )

test('a gate has an exit code, and the end of both outputs in their order', async () => {
  const passed = await run('echo one; echo two >&2; pwd; echo "$GIVEN$CLAUDECODE"')
  expect(passed).toMatchObject({ outcome: 'passed', code: 0 })
  expect(passed.output).toBe(`one\ntwo\n${folder}\nyes`)
  expect(await run('echo broken; exit 3')).toMatchObject({ outcome: 'failed', code: 3, output: 'broken' })
})

test.each([
  ['printf "Continue? "; read answer', 'it had no input'],
  ['printf "Go on? "; read answer', 'it had no input'],
  ['exec 3< /dev/tty', 'it had no input'],
  ['no-such-program --check', 'worktree.include'],
  [`node -e "require('left-pad')"`, 'worktree.include'],
  ['kill -9 $$', 'SIGKILL'],
])('%s: says that %s', async (command, why) => {
  expect(await run(command)).toMatchObject({ outcome: 'failed', why: containing(why) })
})

test('a gate that hangs is ended with its processes at its limit, or when the check is cancelled', async () => {
  const hanging = 'sleep 1000 & echo $!; sleep 1000'
  const late = await run(hanging, { limitMs: 300 })
  expect(late).toMatchObject({ outcome: 'timed-out', why: containing('checks.minutes') })
  const cancelled = await run(hanging, { signal: AbortSignal.timeout(300) })
  expect(cancelled.outcome).toBe('failed')
  for (const { output } of [late, cancelled].filter((gate) => gate.output !== ''))
    await expect.poll(() => isAlive(Number(output))).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the kept output is its end, without secrets and invisible characters', async () => {
  const { output } = await run(
    `seq 1 20000; echo "token ghp_${'a1B2'.repeat(9)}"; printf 'a\\342\\200\\256b\\n'; head -c 3000000 /dev/zero; echo; echo last`,
  )
  expect(output.length).toBeLessThan(4_100)
  expect(output).toContain('20000')
  expect(output).not.toContain('ghp_')
  expect(output).toContain(String.raw`a\u{202e}b`)
  expect(output).toContain('(a line of more than 1 MB)\nlast')
})
