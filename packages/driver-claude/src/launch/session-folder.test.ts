import { removeFolderIfPossible } from '@subagent-mcp/driver-kit'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSessionFolder } from './session-folder.js'

checkForLeaks()

const files = { command: 'x', env: { A: 'b' }, alwaysLoad: true }

test('only this user can read its files', async () => {
  const folder = await createSessionFolder({
    settings: { disableAllHooks: true },
    systemPrompt: 'be brief',
    mcpServers: { files },
    agents: { reviewer: { prompt: 'review' } },
  })
  const { path, settingsFile, systemPromptFile = '', mcpConfigFile = '', agentsFile = '' } = folder
  expect(JSON.parse(readFileSync(settingsFile, 'utf8'))).toEqual({ disableAllHooks: true })
  expect(JSON.parse(readFileSync(agentsFile, 'utf8'))).toEqual({ reviewer: { prompt: 'review' } })
  expect(readFileSync(systemPromptFile, 'utf8')).toBe('be brief')
  expect(JSON.parse(readFileSync(mcpConfigFile, 'utf8'))).toEqual({ mcpServers: { files } })
  const privateFiles = [settingsFile, systemPromptFile, mcpConfigFile, agentsFile]
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(privateFiles.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600, 0o600])
  removeFolderIfPossible(folder.path)
  expect(existsSync(path)).toBe(false)
})

test('without options it has settings only', async () => {
  const folder = await createSessionFolder({
    settings: {},
    systemPrompt: undefined,
    mcpServers: undefined,
    agents: {},
  })
  expect(folder).toMatchObject({
    systemPromptFile: undefined,
    mcpConfigFile: undefined,
    agentsFile: undefined,
  })
  removeFolderIfPossible(folder.path)
})
