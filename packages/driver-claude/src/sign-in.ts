import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync } from 'node:fs'
import { configFiles } from './config-files.js'

/** Whether nothing on this machine can sign in: no variable, no account, no helper. When in doubt, no. */
export function isSurelySignedOut(environment: Environment, platform = process.platform): boolean {
  const files = configFiles(environment)
  const mayBe = [
    Object.entries(environment).some(([name, value]) => value !== undefined && signInVariable.test(name)),
    existsSync(files.credentials),
    contains(files.settings, 'apiKeyHelper'),
    contains(files.user, 'primaryApiKey') || contains(files.user, 'oauthAccount'),
    // The account may be in the keychain, and a company's settings may bring their own.
    platform === 'darwin' && existsSync(files.user),
    managedSettings.some((folder) => existsSync(folder)),
  ]
  return !mayBe.includes(true)
}

const signInVariable =
  /^(ANTHROPIC_(?!BASE_URL$|MODEL$)|CLAUDE_CODE_(USE_|OAUTH_|API_|HOST_AUTH_)|AWS_BEARER_)/

const managedSettings = [
  '/etc/claude-code',
  '/Library/Application Support/ClaudeCode',
  'C:\\Program Files\\ClaudeCode',
]

/** A file that cannot be read says nothing: it may well contain it. */
function contains(path: string, word: string): boolean {
  if (!existsSync(path)) return false
  try {
    return readFileSync(path, 'utf8').includes(word)
  } catch {
    return true
  }
}
