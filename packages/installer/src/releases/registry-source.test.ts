import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { isNewerVersion, createReleaseSource } from './registry-source.js'

const installed = { type: 'npm', prefix: '/usr', script: '/usr/lib/x.js' } as const

test('what a registry prints becomes a release, and nothing else does', async () => {
  const asked = (printed: string) =>
    createReleaseSource(installed, '0.0.0').newer(() => Promise.resolve(printed))
  expect(await asked('0.0.1\n')).toBe('0.0.1')
  expect(await asked('0.0.0')).toBeUndefined()
  await expect(asked('<html>')).rejects.toMatchObject({
    message: "the newest release cannot be told: '<html>' is no version",
    hint: 'this needs a network; nothing was changed. Try: npm view subagent-mcp version',
  })
})

test.each([
  ['npm error code E404', /^the registry does not have subagent-mcp: install a newer checkout/],
  ['npm error code ENOTFOUND', /^this needs a network/],
])('tells a registry without the package from a missing network: %s', async (why, hint) => {
  const failed = new SubagentError('io-failed', why)
  const asked = createReleaseSource(installed, '0.0.0').newer(() => Promise.reject(failed))
  await expect(asked).rejects.toHaveProperty('hint', expect.stringMatching(hint))
})

test('reports a missing package manager', async () => {
  const missing = new SubagentError('not-installed', 'npm was not found')
  await expect(createReleaseSource(installed, '0.0.0').newer(() => Promise.reject(missing))).rejects.toBe(
    missing,
  )
})

test('asks about an installation of another program, and does not change it', async () => {
  const source = createReleaseSource({ type: 'other', folder: '/p' }, '0.0.0')
  expect(await source.newer(() => Promise.resolve('0.0.1'))).toBe('0.0.1')
  const refused = '/p is no global installation, and is left alone'
  expect(() => source.install('0.0.1')).toThrow(refused)
  expect(() => source.goBack('0.0.1')).toThrow(refused)
})

test.each([
  ['1.10.0', '1.9.0', true],
  ['1.9.0', '1.10.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.0.0', '1.0.0-beta.2', true],
  ['1.0.0-beta.10', '1.0.0-beta.9', true],
  ['1.0.0-beta.1', '1.0.0', false],
])('%s after %s: %s', (version, other, newer) => {
  expect(isNewerVersion(version, other)).toBe(newer)
})
