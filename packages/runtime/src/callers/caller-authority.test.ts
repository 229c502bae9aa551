import { createNestingVariables } from '@subagent-mcp/driver-kit'
import { encodeCallerPermissions } from '@subagent-mcp/permissions'
import { describe, expect, test } from 'vitest'
import { authority } from '../authority.test.support.js'
import { determineCallerAuthority } from './caller-authority.js'

const ofHosts = authority('accept-edits', { deny: ['Bash(sudo:*)'], allow: ['Bash(make:*)', 'WebFetch'] })

/** A client inside agents that are nested so deep, with this ceiling. */
const guest = (depth: number, ceiling?: string): { environment: Record<string, string> } => ({
  environment: createNestingVariables({ depth, ...(ceiling !== undefined && { ceiling }) }),
})

describe('the authority of a client', () => {
  test('the authority of a host is what the user allows, whatever its environment says', () => {
    const { environment } = guest(0, encodeCallerPermissions(authority('full-auto')))
    expect(determineCallerAuthority({ environment }, 0, ofHosts)).toEqual(ofHosts)
  })

  test.each([1, 2])('at depth %d is the ceiling in its environment', (depth) => {
    const given = authority('ask', { deny: ['WebFetch'], ask: ['Edit'], allow: ['Bash(make:*)'] })
    expect(determineCallerAuthority(guest(depth, encodeCallerPermissions(given)), depth, ofHosts)).toEqual(
      authority('ask', { deny: ['Bash(sudo:*)', 'WebFetch'], ask: ['Edit'], allow: ['Bash(make:*)'] }),
    )
  })

  test('at any depth is at most that of hosts', () => {
    const told = authority('full-auto', { allow: ['Bash', 'WebFetch'] })
    expect(determineCallerAuthority(guest(2, encodeCallerPermissions(told)), 2, ofHosts)).toEqual(
      authority('accept-edits', { deny: ['Bash(sudo:*)'], allow: ['WebFetch'] }),
    )
  })

  test.each([undefined, '', 'full-auto', '["full-auto",[],[]]', '["full-auto",["Bash("],[],[]]', '%'])(
    'is read-only with a ceiling of %j, under the known rules',
    (text) => {
      const restricted = { ...ofHosts, preset: 'read-only' }
      expect(determineCallerAuthority(guest(1, text), 1, ofHosts)).toEqual(restricted)
      const closed = { by: 'agent', allow: [] } as const
      expect(determineCallerAuthority(guest(1, text), 1, { ...ofHosts, closed })).toEqual({
        ...restricted,
        closed,
      })
    },
  )
})
