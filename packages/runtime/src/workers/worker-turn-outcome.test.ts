import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { createRefusedTurnEnd } from './worker-turn-outcome.js'

test('a launch that a rate limit is in the way of fails by that limit, which the worker then waits for', () => {
  const options = { hint: 'give prefer codex', resetsAt: 60_000 }
  const error = new SubagentError('no-candidate', 'codex cannot do it', options)
  expect(createRefusedTurnEnd(error, { known: false })).toEqual({
    type: 'failed',
    failure: { reason: 'rate-limited', message: 'codex cannot do it', ...options },
  })
})

test.each([
  ['a definition that is not there', 'unknown-definition', 'refused'],
  ['a definition that is wrong', 'definition-invalid', 'refused'],
  ['more permissions than the ceiling', 'above-ceiling', 'refused'],
  ['what its CLI cannot do', 'not-supported', 'refused'],
  ['a launch that none can run', 'no-candidate', 'refused'],
  ['a CLI that is not there', 'not-installed', 'not-installed'],
  ['a CLI that is not signed in', 'not-signed-in', 'not-signed-in'],
  ['a launch while too much runs', 'at-capacity', 'overloaded'],
  ['a launch while the disk is full', 'io-failed', 'unknown'],
] as const)('the daemon refuses %s', (_title, code, reason) => {
  const error = new SubagentError(code, 'no', { hint: 'mend it' })
  const failure = { reason, message: 'no', hint: 'mend it' }
  expect(createRefusedTurnEnd(error, { known: false })).toEqual({ type: 'failed', failure })
})
