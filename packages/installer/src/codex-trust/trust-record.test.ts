import { expect, test } from 'vitest'
import { planChanges } from '../plan.js'
import { codexTrustChange, codexTrustFile, readTrustRecords } from './hook-trust.js'
import { realMachine } from '../hosts/machine.test.support.js'

const machine = realMachine('/home/me')
const trust = { key: '/home/me/.codex/hooks.json:session_start:0:0', hash: 'sha256:ab' }

test('the file is the user’s, wherever it was moved', () => {
  expect(codexTrustFile(machine)).toBe('/home/me/.codex/config.toml')
  const moved = { ...machine, environment: { CODEX_HOME: '/elsewhere' } }
  expect(codexTrustFile(moved)).toBe('/elsewhere/config.toml')
})

test.each([
  '',
  'model = "m"\r\n',
  '[hooks.state]\n\n[hooks.state."other"]\ntrusted_hash = "sha256:cd"\nenabled = false\n',
])('what is put on record is found again, once, and nothing else changes: %j', (text) => {
  const change = codexTrustChange(machine, [trust])
  const [planned] = planChanges([change], () => ({ type: 'text', text }))
  const after = planned?.type === 'write' ? planned.after : ''
  expect(readTrustRecords(after)).toEqual(new Map([...readTrustRecords(text), [trust.key, trust.hash]]))
  expect(after.startsWith(text)).toBe(true)
  expect(planChanges([change], () => ({ type: 'text', text: after }))).toMatchObject([{ type: 'unchanged' }])
})

test('records no trust for unreadable hooks', () => {
  for (const text of ['= 1', 'hooks = 1', 'hooks = {}', '[hooks.state]\na = 1']) {
    expect(readTrustRecords(text)).toEqual(new Map())
  }
})
