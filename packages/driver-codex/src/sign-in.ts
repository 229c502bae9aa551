import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Whether nothing on this machine can sign in: no variable, no account, no provider of the user's. In doubt, no. */
export function isSurelySignedOut(environment: Environment): boolean {
  const home = codexHome(environment)
  return !(
    hasKey(environment) ||
    existsSync(join(home, 'auth.json')) ||
    mayBringSignIn(join(home, 'config.toml')) ||
    managedConfigs.some((file) => existsSync(file))
  )
}

/** Whether a key is at hand that some provider may take. */
export function hasKey(environment: Environment): boolean {
  return Object.entries(environment).some(
    ([name, value]) => value !== undefined && value !== '' && key.test(name),
  )
}

const key = /^(OPENAI|CODEX|AZURE_OPENAI)_.*(KEY|TOKEN)$|^AWS_BEARER_/

const managedConfigs = ['/etc/codex', 'C:\\ProgramData\\OpenAI\\Codex']

function codexHome(environment: Environment): string {
  const { CODEX_HOME: named, HOME: posix, USERPROFILE: windows } = environment
  return named || join(posix ?? windows ?? homedir(), '.codex')
}

/** Another provider, a profile that may name one, a keychain. A file that cannot be read may say anything. */
function mayBringSignIn(config: string): boolean {
  if (!existsSync(config)) return false
  try {
    return /model_provider|profile|credentials_store|base_url/.test(readFileSync(config, 'utf8'))
  } catch {
    return true
  }
}
