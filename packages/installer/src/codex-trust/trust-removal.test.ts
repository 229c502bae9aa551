import { expect, test } from 'vitest'
import { planFileChanges } from '../plan.js'
import { createCodexTrustRemoval } from './trust-removal.js'
import { readTrustRecords } from './hook-trust.js'
import { bareMachine } from '../hosts/machine.test.support.js'

const path = '/home/ada/.codex/hooks.json'
const ours = { type: 'command', command: '/usr/bin/node /opt/subagent-mcp.js hook codex' }
const guard = { type: 'command', command: 'guard' }
const other = { type: 'command', command: 'other' }

const oursFirst = [{ hooks: [ours] }, { hooks: [guard] }, { hooks: [other] }]
const withoutOurs = [{ hooks: [guard] }, { hooks: [other] }]

test('the trust of later hooks moves with them, and ours is removed', () => {
  const after = trustAfter(oursFirst, withoutOurs, { '0:0': 'ours', '1:0': 'guard', '2:0': 'other' })
  expect(after).toEqual(trusts({ '0:0': 'guard', '1:0': 'other' }))
})

test('also of a handler that stands in our group', () => {
  const before = [{ matcher: 'Bash', hooks: [ours, guard] }]
  const after = trustAfter(before, [{ matcher: 'Bash', hooks: [guard] }], { '0:0': 'ours', '0:1': 'guard' })
  expect(after).toEqual(trusts({ '0:0': 'guard' }))
})

test('an untrusted hook stays untrusted, and is not disabled because ours was', () => {
  const config = `[hooks.state."${key('0:0')}"]\ntrusted_hash = "ours"\nenabled = false\n`
  const planned = removal(oursFirst, withoutOurs, config)
  expect(planned?.type === 'write' && planned.after.trim()).toBe('')
})

test('a hook that comes to the place of ours has what was said of it, and nothing that was said of ours', () => {
  const ofOurs = `[hooks.state."${key('0:0')}"]\ntrusted_hash = "ours"\nenabled = false\n\n`
  const planned = removal(oursFirst, withoutOurs, ofOurs + configOf({ '1:0': 'guard' }))
  expect(planned?.type === 'write' && planned.after.trim()).toBe(configOf({ '0:0': 'guard' }).trim())
})

test('a state moves whole, and the file keeps all else', () => {
  const state = 'trusted_hash = "guard"\nenabled = false\n'
  const config = `# mine\n[hooks.state."${key('1:0')}"]\n${state}\n[agents]\nmax = 1\n`
  const planned = removal(oursFirst, withoutOurs, config)
  const after = planned?.type === 'write' ? planned.after : ''
  expect(after).toContain(`[hooks.state."${key('0:0')}"]\n${state}`)
  expect(after).toMatch(/^# mine\n\n\[agents\]\nmax = 1\n/)
  expect(after).not.toContain(key('1:0'))
})

test('of a last hook only the trust of ours goes, and of nothing nothing', () => {
  const before = [{ hooks: [guard] }, { hooks: [ours] }]
  const after = trustAfter(before, [{ hooks: [guard] }], { '0:0': 'guard', '1:0': 'ours' })
  expect(after).toEqual(trusts({ '0:0': 'guard' }))
  expect(removal(oursFirst, withoutOurs, 'model = "m"\n')).toBeUndefined()
  expect(removal(withoutOurs, withoutOurs, configOf({ '0:0': 'guard' }))).toBeUndefined()
})

test('trust in a linked file is recorded by its real path', () => {
  const real = '/dotfiles/hooks.json'
  const config = configOf({ '1:0': 'guard' }).replace(path, real)
  const planned = removal(oursFirst, withoutOurs, config, real)
  expect(planned?.type === 'write' && planned.after).toContain(`"${real}:pre_tool_use:0:0"`)
})

function trustAfter(before: object[], after: object[], states: Record<string, string>) {
  const planned = removal(before, after, configOf(states))
  return readTrustRecords(planned?.type === 'write' ? planned.after : '')
}

function removal(before: object[], after: object[], config: string, realPath = path) {
  const readText = (file: string) =>
    file === path ? ({ type: 'absent', realPath } as const) : ({ type: 'text', text: config } as const)
  const texts = { path, before: hooksFile(before), after: hooksFile(after) }
  const change = createCodexTrustRemoval(bareMachine(), texts, readText)
  return change && planFileChanges([change], readText)[0]
}

function hooksFile(groups: object[]): string {
  return JSON.stringify({ hooks: { PreToolUse: groups } })
}

function configOf(states: Record<string, string>): string {
  return [...trusts(states)]
    .map(([name, hash]) => `[hooks.state."${name}"]\ntrusted_hash = "${hash}"\n`)
    .join('\n')
}

function trusts(states: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(states).map(([place, hash]) => [key(place), hash]))
}

function key(place: string): string {
  return `${path}:pre_tool_use:${place}`
}
