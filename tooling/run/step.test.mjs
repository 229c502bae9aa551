import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { inCheckout } from './checkout.mjs'

test('a step that succeeds prints one line', () => {
  expect(reportStep("console.log('much to say')").stderr).toMatch(/^try \.\.\. \d+\.\d s\n$/)
})

test('parallel steps print a line each', () => {
  const command = "{ command: process.execPath, args: ['-e', ''], environment: process.env }"
  const script = `import('${inCheckout('tooling/run')}/step.mjs').then(({ runSteps }) => runSteps({ one: ${command}, two: ${command} }))`
  const { stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  expect(stderr.split('\n').sort()).toEqual([
    '',
    expect.stringMatching(/^one \.\.\. \d/),
    expect.stringMatching(/^two \.\.\. \d/),
  ])
})

test('a step that fails prints its output and returns its exit code', () => {
  const { status, stderr } = reportStep("console.log('out'); console.error('err'); process.exit(3)")
  expect(stderr).toMatch(/^try \.\.\. failed after \d+\.\d s\n/)
  expect(stderr).toContain('out\n')
  expect(stderr).toContain('err\n')
  expect(status).toBe(3)
})

test('a step that gets a signal ends its command and dies by the same signal', async () => {
  const child = spawn(
    process.execPath,
    ['-e', scriptOf('console.error(process.pid); setInterval(() => {}, 1000)', 'inherit')],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const [chunk] = await once(child.stderr, 'data')
  const pid = Number(String(chunk))
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGTERM')
  const [, signal] = await once(child, 'close')
  expect(signal).toBe('SIGTERM')
  expect(isAlive(pid)).toBe(false)
})

/** @param {string} script */
function reportStep(script) {
  return spawnSync(process.execPath, ['-e', scriptOf(script, 'quiet')], { encoding: 'utf8' })
}

/**
 * @param {string} script
 * @param {'quiet' | 'inherit'} output
 */
function scriptOf(script, output) {
  const command = `{ command: process.execPath, args: ['-e', ${JSON.stringify(script)}], environment: process.env }`
  const run = inCheckout('tooling/run')
  return output === 'quiet'
    ? `import('${run}/step.mjs').then(({ runStep }) => runStep('try', ${command})).then((code) => (process.exitCode = code))`
    : `import('${run}/run-command.mjs').then(({ runCommand }) => runCommand(${command}))`
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}
