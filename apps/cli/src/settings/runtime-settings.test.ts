import { parsePermissionRule } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { createDefaultConfig } from './config.js'
import { getConfiguredHostCeiling } from './runtime-settings.js'

test('a host may grant what the configuration says, and almost nothing where that cannot be read', () => {
  const config = createDefaultConfig()
  const deny = [parsePermissionRule('Bash(sudo:*)')].flatMap((rule) => rule ?? [])
  Object.assign(config.permissions, { deny })
  expect(getConfiguredHostCeiling({ config })).toEqual({
    preset: 'accept-edits',
    rules: { deny, ask: [], allow: [] },
  })
  const unread = getConfiguredHostCeiling({ config: createDefaultConfig(), problem: 'half a file' })
  expect(unread).toEqual({ preset: 'read-only', rules: { deny: [], ask: [], allow: [] } })
})
