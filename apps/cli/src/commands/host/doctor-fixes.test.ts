import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import type { DoctorCheck, DoctorFinding, DoctorContext } from '../../doctor/run-doctor-checks.js'
import { createTestTerminal } from '../../terminal/terminal.test.support.js'
import { runDoctor } from './doctor.js'

const context: DoctorContext = {
  environment: {},
  machine: {
    platform: 'linux',
    home: '/',
    environment: {},
    exists: () => false,
    executable: () => undefined,
  },
  server: { command: 'node', args: [] },
  drivers: new Map(),
  node: '22.0.0',
  project: '/',
}

/** Returns `doctor` over two checks: `taps` fails until its fix has run, `roof` warns and has no fix. */
function makeFaultyDoctor() {
  let turns = 0
  const turn = () => {
    turns += 1
    return Promise.resolve()
  }
  const drips = (what: string): DoctorFinding => ({
    severity: 'error',
    what,
    mend: 'turn the tap',
    fix: turn,
  })
  const taps: DoctorCheck = {
    name: 'taps',
    run: () => (turns === 0 ? [drips('the tap\u001b[31m drips'), drips('the sink is full')] : [fine]),
  }
  const fine: DoctorFinding = { severity: 'ok', what: 'dry' }
  const roof: DoctorCheck = {
    name: 'roof',
    run: () => [{ severity: 'warning', what: 'it leaks', mend: 'call somebody' }],
  }
  const terminal = createTestTerminal({ cwd: '/', now: () => 0 })
  return {
    terminal,
    turns: () => turns,
    doctor: (options: Partial<Parameters<typeof runDoctor>[0]>, checks = [taps, roof]) =>
      runDoctor({ fix: false, yes: false, json: false, ...options }, { context, terminal }, checks),
  }
}

test('tells what was found and what mends it, and fails for an error alone', async () => {
  const faulty = makeFaultyDoctor()
  expect(await faulty.doctor({})).toBe(1)
  expect(faulty.terminal.said).toEqual({
    stdout: `error    taps: the tap drips
         turn the tap
error    taps: the sink is full
         turn the tap
warning  roof: it leaks
         call somebody

2 errors, 1 warning; subagent-mcp doctor --fix runs 1 command of those above
`,
    stderr: '',
  })
  expect(faulty.turns()).toBe(0)
})

test('asks before it mends, does each thing once, and looks again', async () => {
  const faulty = makeFaultyDoctor()
  faulty.terminal.widen({ columns: 80, rows: 24 })
  faulty.terminal.type('y')
  expect(await faulty.doctor({ fix: true })).toBe(0)
  expect(faulty.turns()).toBe(1)
  expect(faulty.terminal.said.stderr).toContain('\n  turn the tap\nrun 1 command? [y/N] turn the tap ...\n')
  expect(faulty.terminal.said.stdout).toMatch(/^ok {7}taps: dry\n[^]*\n0 errors, 1 warning\n$/)
})

test('runs nothing without a clear yes', async () => {
  for (const answer of ['', 'no', undefined]) {
    const faulty = makeFaultyDoctor()
    faulty.terminal.widen({ columns: 80, rows: 24 })
    faulty.terminal.type(answer)
    expect(await faulty.doctor({ fix: true })).toBe(1)
    expect(faulty.turns()).toBe(0)
    expect(faulty.terminal.said.stderr).toContain('nothing was run\n')
  }
})

test('without a terminal it fixes nothing, unless --yes is given', async () => {
  const faulty = makeFaultyDoctor()
  await expect(faulty.doctor({ fix: true })).rejects.toMatchObject({ code: 'unknown-parameter' })
  expect(faulty.turns()).toBe(0)
  expect(await faulty.doctor({ fix: true, yes: true, json: true })).toBe(0)
  expect(JSON.parse(faulty.terminal.said.stdout)).toEqual({
    errors: 0,
    warnings: 1,
    findings: [
      { check: 'taps', severity: 'ok', what: 'dry' },
      { check: 'roof', severity: 'warning', what: 'it leaks', mend: 'call somebody', fixable: false },
    ],
  })
})

test('goes on when a fix fails, says why, and fails itself', async () => {
  const faulty = makeFaultyDoctor()
  const fix = () => Promise.reject(new SubagentError('io-failed', 'no water'))
  const pump: DoctorCheck = {
    name: 'pump',
    run: () => [{ severity: 'warning', what: 'stands', mend: 'kick it', fix }],
  }
  expect(await faulty.doctor({}, [pump])).toBe(0)
  expect(await faulty.doctor({ fix: true, yes: true }, [pump])).toBe(1)
  expect(faulty.terminal.said.stderr).toBe('kick it ...\n  failed: no water\n')
})

test('shows on a terminal alone what it is looking at', async () => {
  const none: DoctorCheck = { name: 'none', run: () => [] }
  const faulty = makeFaultyDoctor()
  await faulty.doctor({}, [none])
  expect(faulty.terminal.said).toEqual({ stdout: '\nnothing is wrong\n', stderr: '' })
  faulty.terminal.widen({ columns: 80, rows: 24 })
  await faulty.doctor({}, [none])
  expect(faulty.terminal.said.stderr).toBe('checking none ...\r\u001b[2K')
})

test('on a terminal findings are wrapped at its width, and paths in the home begin with ~', async () => {
  const what = 'the state folder /home/me/.subagent-mcp belongs to another user'
  const check: DoctorCheck = {
    name: 'state folder',
    run: () => [{ severity: 'error', what, mend: 'sudo chown -R me /home/me/.subagent-mcp' }],
  }
  const terminal = createTestTerminal({ cwd: '/', now: () => 0 })
  terminal.widen({ columns: 44, rows: 20 })
  await runDoctor({ fix: false, yes: false, json: false }, { context, terminal }, [check])
  expect(terminal.said.stdout).toBe(`error    state folder: the state folder
         ~/.subagent-mcp belongs to another
         user
         sudo chown -R me
         /home/me/.subagent-mcp

1 error, 0 warnings
`)
})
