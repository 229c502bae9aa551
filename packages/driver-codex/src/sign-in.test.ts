import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isCodexSignedOut } from './sign-in.js'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sign-in-'))
  mkdirSync(join(home, '.codex'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

test('nothing on the machine can sign in', () => {
  writeFileSync(join(home, '.codex', 'config.toml'), 'model = "gpt-9"\n')
  expect(isCodexSignedOut({ HOME: home, OPENAI_API_KEY: '', OPENAI_BASE_URL: 'x' })).toBe(true)
})

test.each([
  ['OPENAI_API_KEY', 'k'],
  ['CODEX_ACCESS_TOKEN', 't'],
])('%s may', (name, value) => {
  expect(isCodexSignedOut({ HOME: home, [name]: value })).toBe(false)
})

test.each([
  ['auth.json', '{}'],
  ['config.toml', 'model_provider = "mine"'],
  ['config.toml', 'cli_auth_credentials_store = "keyring"'],
])('%s may: %s', (name, text) => {
  writeFileSync(join(home, '.codex', name), text)
  expect(isCodexSignedOut({ HOME: home })).toBe(false)
  expect(isCodexSignedOut({ HOME: '/nowhere', CODEX_HOME: join(home, '.codex') })).toBe(false)
})
