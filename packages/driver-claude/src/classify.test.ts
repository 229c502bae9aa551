import { describe, expect, test } from 'vitest'
import { classifyClaudeResult, classifyClaudeRetry } from './classify.js'
import { ResultLine, RetryLine } from './session/wire.js'

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
    ['the network, in a word', { api_error: 'connection_failed' }, 'server_error', 'connection-lost'],
    [
      'the network, in the text of older versions',
      { result: 'API Error: Unable to connect to API (ConnectionRefused)' },
      'server_error',
      'connection-lost',
    ],
    ['the network, in any text', { result: 'API Error: read ECONNRESET' }, undefined, 'connection-lost'],
    [
      'whoever answers, whatever the text',
      { api_error_status: 500, result: 'API Error: Connection error.' },
      'server_error',
      'overloaded',
    ],
    ['as many model requests as it may make', { subtype: 'error_max_turns' }, undefined, 'max-turns'],
    ['nothing known', { subtype: 'error_during_execution' }, 'max_output_tokens', 'unknown'],
  ] as const)('%s', (_, line, word, reason) => {
    const result = ResultLine.parse({ type: 'result', ...line })
    expect(classifyClaudeResult(result, { word, limitEndsAt: undefined })).toMatchObject({ reason })
  })

  test.each([
    ['nobody answered', { error_status: null, error: 'unknown' }, 'connection-lost'],
    ['nobody answered, without a word', {}, 'connection-lost'],
    ['somebody did', { error_status: null, error: 'overloaded' }, 'overloaded'],
    ['somebody did, without a word', { error_status: 500, error: 'unknown' }, 'overloaded'],
  ])('that the CLI tries again: %s', (_, line, reason) => {
    const retry = RetryLine.parse({ type: 'system', subtype: 'api_retry', ...line })
    expect(classifyClaudeRetry(retry, undefined)).toMatchObject({ reason })
  })

  test('says when its limit ends, and nothing of limits else', () => {
    const limitEndsAt = 1_700_000_000_000
    const result = ResultLine.parse({ type: 'result', result: 'two\nlines' })
    expect(classifyClaudeResult(result, { word: 'rate_limit', limitEndsAt })).toMatchObject({
      resetsAt: limitEndsAt,
    })
    expect(classifyClaudeResult(result, { word: 'overloaded', limitEndsAt })).toEqual({
      reason: 'overloaded',
      message: 'two',
    })
  })
})
