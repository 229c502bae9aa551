import { describe, expect, test } from 'vitest'
import { classifyExit, classifyResult } from './classify.js'
import { ResultLine } from './wire.js'

describe('a result', () => {
  test.each([
    ['a word, whatever the status', { api_error_status: 500 }, 'authentication_failed', 'not-signed-in'],
    ['the empty account', { api_error_status: 400 }, 'billing_error', 'rate-limited'],
    ['the status, when the word says nothing', { api_error_status: 429 }, 'unknown', 'rate-limited'],
    ['the status, without a word', { api_error_status: 529 }, undefined, 'overloaded'],
    ['a request that was too large', { api_error_status: 413 }, 'invalid_request', 'context-too-long'],
    [
      'a prompt that was too long',
      { terminal_reason: 'prompt_too_long' },
      'invalid_request',
      'context-too-long',
    ],
    [
      'no session of this id',
      { errors: ['No conversation found with session ID: x'] },
      undefined,
      'bad-request',
    ],
    ['nothing known', { subtype: 'error_max_turns' }, 'max_output_tokens', 'unknown'],
  ] as const)('%s', (_, line, word, reason) => {
    const result = ResultLine.parse({ type: 'result', ...line })
    expect(classifyResult(result, { word, limitEndsAt: undefined })).toMatchObject({ reason })
  })

  test('says when its limit ends, and nothing of limits else', () => {
    const limitEndsAt = 1_700_000_000_000
    const result = ResultLine.parse({ type: 'result', result: 'two\nlines' })
    expect(classifyResult(result, { word: 'rate_limit', limitEndsAt })).toMatchObject({
      resetsAt: limitEndsAt,
    })
    expect(classifyResult(result, { word: 'overloaded', limitEndsAt })).toEqual({
      reason: 'overloaded',
      message: 'two',
    })
  })
})

describe('an exit', () => {
  test.each([
    [{ code: 1, signal: null, stderrTail: 'boom' }, 'claude ended unasked (code 1)', 'boom'],
    [{ code: null, signal: 'SIGKILL', stderrTail: '' }, 'claude ended unasked (signal SIGKILL)', undefined],
  ])('%o', (exit, message, stderrTail) => {
    const failure = classifyExit(exit)
    expect(failure).toMatchObject({ reason: 'crashed', message })
    expect(failure.stderrTail).toBe(stderrTail)
  })
})
