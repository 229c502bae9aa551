import { getHomeFolder, mayFileContainText, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Whether nothing on this machine can sign in: no variable, no account, no configured provider. False in doubt. */
export function isCodexSignedOut(environment: Environment): boolean {
  const home = findCodexHomeFolder(environment)
  return !(
    hasCodexProviderKey(environment) ||
    existsSync(join(home, 'auth.json')) ||
    mayFileContainText(join(home, 'config.toml'), ownSignIn) ||
    managedConfigs.some((file) => existsSync(file))
  )
}

/** Codex settings by which a user may sign in without an account: another provider, a profile that names one, or a keychain. */
const ownSignIn = /model_provider|profile|credentials_store|base_url/

/** Whether the environment has a key or token for a model provider of Codex. */
export function hasCodexProviderKey(environment: Environment): boolean {
  return Object.entries(environment).some(
    ([name, value]) => value !== undefined && value !== '' && key.test(name),
  )
}

const key = /^(OPENAI|CODEX|AZURE_OPENAI)_.*(KEY|TOKEN)$|^AWS_BEARER_/

const managedConfigs = ['/etc/codex', 'C:\\ProgramData\\OpenAI\\Codex']

/** The folder with the user's Codex files, by an environment; it need not exist. */
export function findCodexHomeFolder(environment: Environment): string {
  return environment['CODEX_HOME'] || join(getHomeFolder(environment), '.codex')
}
