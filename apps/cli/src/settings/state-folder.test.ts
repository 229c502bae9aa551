import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { getStateFolderPath } from './state-folder.js'

describe('the home of what is ours', () => {
  test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', { HOME: '/h' }, '/h/.subagent-mcp'],
    ['darwin', { HOME: '/h' }, '/h/.subagent-mcp'],
    ['linux', { HOME: '/h', XDG_STATE_HOME: '/s' }, '/s/subagent-mcp'],
    ['linux', { HOME: '/h', XDG_STATE_HOME: 'not/absolute' }, '/h/.subagent-mcp'],
    ['linux', { HOME: '/h', XDG_STATE_HOME: '/s', SUBAGENT_MCP_HOME: '/own' }, '/own'],
    ['linux', {}, join(homedir(), '.subagent-mcp')],
    ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'subagent-mcp')],
  ])('on %s with %o', (platform, environment, expected) => {
    expect(getStateFolderPath(environment, platform)).toBe(expected)
  })
})
