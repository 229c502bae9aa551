import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { askReleases, isNewer } from './newest-release.js'
import { releaseSource } from './release-source.js'

const installed = { type: 'npm', prefix: '/usr', script: '/usr/lib/x.js' } as const

test('what a registry prints becomes a release, and nothing else does', async () => {
  const source = releaseSource(installed)
  if (source === undefined) throw new Error('npm is a source')
  const asked = (printed: string) => askReleases(source, () => Promise.resolve(printed))
  expect(await asked('0.0.1\n')).toEqual({ current: '0.0.0', newer: '0.0.1' })
  expect(await asked('0.0.0')).toEqual({ current: '0.0.0', newer: undefined })
  await expect(asked('<html>')).rejects.toMatchObject({
    message: "the newest release cannot be told: '<html>' is no version",
    hint: 'this needs a network; nothing was changed. Try: npm view subagent-mcp version',
  })
})

test('a manager that is missing is told as that', async () => {
  const source = releaseSource(installed)
  if (source === undefined) throw new Error('npm is a source')
  const missing = new SubagentError('not-installed', 'npm was not found')
  await expect(askReleases(source, () => Promise.reject(missing))).rejects.toBe(missing)
})

test.each([
  ['1.10.0', '1.9.0', true],
  ['1.9.0', '1.10.0', false],
  ['1.0.0', '1.0.0', false],
  ['1.0.0', '1.0.0-beta.2', true],
  ['1.0.0-beta.10', '1.0.0-beta.9', true],
  ['1.0.0-beta.1', '1.0.0', false],
])('%s after %s: %s', (version, other, newer) => {
  expect(isNewer(version, other)).toBe(newer)
})
