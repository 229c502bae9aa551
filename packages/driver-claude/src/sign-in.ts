import { fileMayContain, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { configPaths } from './config-paths.js'

/** Whether nothing on this machine can sign in: no variable, no account, no helper. False in doubt. */
export function isClaudeSignedOut(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): boolean {
  const files = configPaths(environment)
  const mayBe = [
    Object.entries(environment).some(([name, value]) => value !== undefined && signInVariable.test(name)),
    existsSync(files.credentials),
    fileMayContain(files.settings, /apiKeyHelper/),
    fileMayContain(files.user, /primaryApiKey|oauthAccount/),
    // On macOS the account may be in the keychain. Managed settings may bring a sign-in of their own.
    platform === 'darwin' && existsSync(files.user),
    managedSettings.some((folder) => existsSync(folder)),
  ]
  return !mayBe.includes(true)
}

const signInVariable =
  /^(ANTHROPIC_(?!BASE_URL$|MODEL$)|CLAUDE_CODE_(USE_|OAUTH_|API_|HOST_AUTH_)|AWS_BEARER_)/

export const signInVariablePattern =
  /^(ANTHROPIC_(API_KEY|AUTH_TOKEN)|CLAUDE_CODE_(USE_|OAUTH_|API_|HOST_AUTH_).*|AWS_BEARER_.*)$/

const managedSettings = [
  '/etc/claude-code',
  '/Library/Application Support/ClaudeCode',
  'C:\\Program Files\\ClaudeCode',
]
