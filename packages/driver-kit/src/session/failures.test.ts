import { describe, expect, test } from 'vitest'
import { createCliExitFailure, createExceptionFailure } from './failures.js'

const cli = { label: 'claude', command: 'claude', installHint: 'install it', signInHint: 'sign in' }

describe('an exit', () => {
  test.each([
    [{ code: 1, signal: null, stderrTail: 'boom' }, 'claude ended unasked (code 1)', 'boom'],
    [{ code: null, signal: 'SIGKILL', stderrTail: '' }, 'claude ended unasked (signal SIGKILL)', undefined],
    [{ code: null, signal: null, stderrTail: '' }, 'claude ended unasked (code unknown)', undefined],
  ])('%o', (exit, message, stderrTail) => {
    const failure = createCliExitFailure(cli, exit)
    expect(failure).toMatchObject({ reason: 'crashed', message })
    expect(failure.stderrTail).toBe(stderrTail)
  })

  test('of what was never there', () => {
    const spawnError = Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' })
    const exit = { code: null, signal: null, stderrTail: '', spawnError }
    const failure = { reason: 'not-installed', message: 'claude could not be started', hint: 'install it' }
    expect(createCliExitFailure(cli, exit)).toEqual(failure)
  })
})

test.each([
  [new Error('disk full'), 'disk full'],
  ['a text', 'a text'],
])('what was thrown: %s', (cause, message) => {
  expect(createExceptionFailure(cause)).toEqual({ reason: 'unknown', message })
})
