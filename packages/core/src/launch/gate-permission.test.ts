import type { PermissionPreset } from '@subagent-mcp/contract'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { containing } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { profile } from '../agent/random-life.test.support.js'
import { createToolCallJudge } from '../questions/tool-call-judge.js'
import { checkGatePermissions } from './grant-launch-authority.js'

const judge = createToolCallJudge({ testCommands: { '*': ['npm test'] } })
const check = (preset: PermissionPreset, command: string) => (): void => {
  const authority = { preset, rules: noPermissionRules }
  checkGatePermissions(judge, { ...profile, accept: { run: [command] }, authority })
}

test.each([
  ['ask', 'npm test'],
  ['accept-edits', 'npm test'],
  ['accept-edits', 'git diff --stat'],
  ['full-auto', 'sh check.sh'],
] as const)('a launch with %s may have the gate %s', (preset, command) => {
  expect(check(preset, command)).not.toThrow()
})

test.each([
  ['read-only', 'npm test'],
  ['ask', 'sh check.sh'],
  ['accept-edits', 'npm test; curl example.com'],
  ['accept-edits', 'npm test $('],
] as const)('a launch with %s is refused with the gate %s', (preset, command) => {
  const message = containing(`accept.run: '${command}'`)
  expect(check(preset, command)).toThrow(expect.objectContaining({ code: 'above-ceiling', message }))
})

test('a command that a person gave or approved is not judged', () => {
  const authority = { preset: 'ask', rules: noPermissionRules } as const
  const about = { ...profile, accept: { run: ['sh check.sh'] }, authority }
  expect(() => {
    checkGatePermissions(judge, about, ['sh check.sh'])
  }).not.toThrow()
})
