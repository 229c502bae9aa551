import { parseRule } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { defaultConfig } from './config.js'
import { configuredHostCeiling } from './runtime-settings.js'

test('a host may grant what the configuration says, and almost nothing where that cannot be read', () => {
  const config = defaultConfig()
  const deny = [parseRule('Bash(sudo:*)')].flatMap((rule) => rule ?? [])
  Object.assign(config.permissions, { deny })
  expect(configuredHostCeiling({ config })).toEqual({
    preset: 'accept-edits',
    rules: { deny, ask: [], allow: [] },
  })
  const unread = configuredHostCeiling({ config: defaultConfig(), problem: 'half a file' })
  expect(unread).toEqual({ preset: 'read-only', rules: { deny: [], ask: [], allow: [] } })
})
