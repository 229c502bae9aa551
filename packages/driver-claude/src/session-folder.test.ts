import { checkForLeaks } from '@subagent-mcp/testkit'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSessionFolder, removeSessionFolder } from './session-folder.js'

checkForLeaks()

const files = { command: 'x', env: { A: 'b' }, alwaysLoad: true }

test('holds what this user alone may read, and goes with all in it', async () => {
  const folder = await createSessionFolder({
    systemPrompt: 'be brief',
    mcpServers: { files },
  })
  const { path, systemPromptFile = '', mcpConfigFile = '' } = folder
  expect(readFileSync(systemPromptFile, 'utf8')).toBe('be brief')
  expect(JSON.parse(readFileSync(mcpConfigFile, 'utf8'))).toEqual({ mcpServers: { files } })
  const modes = [path, systemPromptFile, mcpConfigFile].map((file) => statSync(file).mode & 0o777)
  expect(modes).toEqual([0o700, 0o600, 0o600])
  removeSessionFolder(folder)
  expect(existsSync(path)).toBe(false)
})

test('holds no file that nobody asked for', async () => {
  const folder = await createSessionFolder({ systemPrompt: undefined, mcpServers: undefined })
  expect(folder).toMatchObject({ systemPromptFile: undefined, mcpConfigFile: undefined })
  removeSessionFolder(folder)
})
