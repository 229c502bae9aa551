import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { refusedTurn } from './turn-outcome.js'

test('a launch that a rate limit is in the way of fails by that limit, which the worker then waits for', () => {
  const options = { hint: 'give prefer codex', resetsAt: 60_000 }
  const error = new SubagentError('no-candidate', 'codex cannot do it', options)
  expect(refusedTurn(error, { known: false })).toEqual({
    type: 'failed',
    failure: { reason: 'rate-limited', message: 'codex cannot do it', ...options },
  })
})
