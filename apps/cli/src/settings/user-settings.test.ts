import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDefinitionFolders } from '@subagent-mcp/testkit'
import { readUserSettings } from './user-settings.js'

test('what is wrong with the configuration is an error where it is checked, and with the routing', () => {
  const { home, environment, project } = makeDefinitionFolders()
  expect(() => {
    readUserSettings(environment).check()
  }).not.toThrow()
  mkdirSync(join(home, '.subagent-mcp'))
  writeFileSync(join(home, '.subagent-mcp/config.jsonc'), '{ "pool": { "max": ')
  const files = readUserSettings(environment)
  expect(files.problem).toContain('config.jsonc')
  const invalid: unknown = expect.objectContaining({ code: 'config-invalid' })
  expect(() => {
    files.check()
  }).toThrow(invalid)
  expect(() => files.routingOf(project)).toThrow(invalid)
})
