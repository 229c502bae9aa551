import { parsePermissionRule } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { defaultConfig } from './config.js'
import { getConfiguredHostCeiling } from './runtime-settings.js'

test('a host may grant what the configuration says, and almost nothing where that cannot be read', () => {
  const config = defaultConfig()
  const deny = [parsePermissionRule('Bash(sudo:*)')].flatMap((rule) => rule ?? [])
  Object.assign(config.permissions, { deny })
  expect(getConfiguredHostCeiling({ config })).toEqual({
    preset: 'accept-edits',
    rules: { deny, ask: [], allow: [] },
  })
  const unread = getConfiguredHostCeiling({ config: defaultConfig(), problem: 'half a file' })
  expect(unread).toEqual({ preset: 'read-only', rules: { deny: [], ask: [], allow: [] } })
})
