import type { PermissionAuditRecord } from '@subagent-mcp/api'
import type { AuditLine } from '@subagent-mcp/journal'
import { expect, test } from 'vitest'
import { storeFactsInJournal } from './fact-journal.js'
import { readPermissionAuditLog } from './read-permission-audit-log.js'

const asked = {
  at: 1,
  agentId: 'a',
  provider: 'claude',
  cwd: '/p',
  requestId: 'r',
  tool: 'Read',
  call: 'Read',
}

test.each<[string, Pick<PermissionAuditRecord, 'event' | 'through'>, boolean]>([
  ['the policy allowed', { event: 'allowed', through: 'policy' }, true],
  ['the policy denied', { event: 'denied', through: 'policy' }, false],
  ['a person allowed', { event: 'allowed', through: 'terminal' }, false],
  ['was asked', { event: 'asked' }, false],
])('a line of what %s is routine: %s', (_what, end, routine) => {
  const lines: AuditLine[] = []
  const journal = { append: (_: unknown, more: readonly AuditLine[] = []) => lines.push(...more) }
  const record: PermissionAuditRecord = { ...asked, ...end }
  const others = { forget: () => undefined, factsOf: () => [] }
  storeFactsInJournal({ ...journal, ...others }, () => undefined).append([], [record])
  expect(lines).toMatchObject([{ routine }])
  expect(readPermissionAuditLog(lines)).toEqual([record])
})
