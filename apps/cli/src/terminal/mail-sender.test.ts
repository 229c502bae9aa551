import { expect, test } from 'vitest'
import { convertToMailName } from '@subagent-mcp/mailbox/names'
import { describeTerminalSender } from './person.js'

test.each([
  ['ann', 'ann'],
  ['Ann Lee', 'ann-lee'],
  ['CORP\\ann', 'corp-ann'],
  ['user 1000', 'user-1000'],
  ['_www', 'www'],
  ['Ülker', 'lker'],
  ['安', 'somebody'],
  ['a'.repeat(100), 'a'.repeat(64)],
])('%j is %j', (login, name) => {
  expect(convertToMailName(login)).toBe(name)
})

test('a sub-agent at a terminal is no person', () => {
  const named = { isInsideAgent: () => true, environment: { SUBAGENT_MCP_MAILBOX: 'app' } }
  expect(describeTerminalSender(named).name).toBe('app')
  expect(describeTerminalSender({ ...named, environment: {} }).name).toBe('agent')
  expect(describeTerminalSender({ ...named, environment: { SUBAGENT_MCP_MAILBOX: '' } }).name).toBe('agent')
  expect(describeTerminalSender({ ...named, isInsideAgent: () => false }).name).not.toBe('app')
  expect(describeTerminalSender(named, 'ann')).toMatchObject({ name: 'ann', through: 'terminal' })
})
