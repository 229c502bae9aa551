import { expect, test } from 'vitest'
import { planFileChanges } from '../plan.js'
import { createCodexTrustChange, getCodexTrustFilePath, readTrustRecords } from './hook-trust.js'
import { realMachine } from '../hosts/machine.test.support.js'

const machine = realMachine('/home/me')
const trust = { key: '/home/me/.codex/hooks.json:session_start:0:0', hash: 'sha256:ab' }

test('the file is the user’s, wherever it was moved', () => {
  expect(getCodexTrustFilePath(machine)).toBe('/home/me/.codex/config.toml')
  const moved = { ...machine, environment: { CODEX_HOME: '/elsewhere' } }
  expect(getCodexTrustFilePath(moved)).toBe('/elsewhere/config.toml')
})

test.each([
  '',
  'model = "m"\r\n',
  '[hooks.state]\n\n[hooks.state."other"]\ntrusted_hash = "sha256:cd"\nenabled = false\n',
])('what is put on record is found again, once, and nothing else changes: %j', (text) => {
  const change = createCodexTrustChange(machine, [trust])
  const [planned] = planFileChanges([change], () => ({ type: 'text', text }))
  const after = planned?.type === 'write' ? planned.after : ''
  expect(readTrustRecords(after)).toEqual(new Map([...readTrustRecords(text), [trust.key, trust.hash]]))
  expect(after.startsWith(text)).toBe(true)
  expect(planFileChanges([change], () => ({ type: 'text', text: after }))).toMatchObject([
    { type: 'unchanged' },
  ])
})

test('records no trust for unreadable hooks', () => {
  for (const text of ['= 1', 'hooks = 1', 'hooks = {}', '[hooks.state]\na = 1']) {
    expect(readTrustRecords(text)).toEqual(new Map())
  }
})
