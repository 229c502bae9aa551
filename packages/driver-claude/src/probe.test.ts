import { checkForLeaks } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isClaudeSignedOut } from './probe.js'

checkForLeaks()

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'))
  mkdirSync(join(home, '.claude'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const signedOut = (variables = {}, platform: NodeJS.Platform = 'linux') =>
  isClaudeSignedOut({ HOME: home, ...variables }, platform)

test.each([{}, { ANTHROPIC_BASE_URL: 'http://localhost' }, { ANTHROPIC_API_KEY: undefined }])(
  'nothing to sign in with: %o',
  (variables) => {
    expect(signedOut(variables)).toBe(true)
  },
)

test.each([{ ANTHROPIC_API_KEY: 'x' }, { CLAUDE_CODE_OAUTH_TOKEN: 'x' }, { CLAUDE_CODE_USE_BEDROCK: '1' }])(
  'a variable may: %o',
  (variables) => {
    expect(signedOut(variables)).toBe(false)
  },
)

test.each([
  ['.claude/.credentials.json', '{}'],
  ['.claude/settings.json', '{ "apiKeyHelper": "key" }'],
  ['.claude.json', '{ "oauthAccount": {} }'],
])('a file may: %s', (path, text) => {
  writeFileSync(join(home, path), text)
  expect(signedOut()).toBe(false)
})

test('a keychain may, where Claude Code was ever used', () => {
  expect(signedOut({}, 'darwin')).toBe(true)
  writeFileSync(join(home, '.claude.json'), '{}')
  expect(signedOut({}, 'linux')).toBe(true)
  expect(signedOut({}, 'darwin')).toBe(false)
})
