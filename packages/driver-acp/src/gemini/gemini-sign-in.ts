import type { Environment } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { geminiFolder } from './gemini-files.js'

/** Whether this user is signed in: `no` when there is no variable, no account and no setting of one. */
export function geminiSignIn(environment: Environment): 'yes' | 'no' | 'unknown' {
  const folder = geminiFolder(environment)
  const variables = Object.entries(environment).flatMap(([name, value]) => (value ? [name] : []))
  if (variables.some((name) => keys.test(name)) || existsSync(join(folder, 'oauth_creds.json'))) return 'yes'
  const mayBe = [
    variables.some((name) => otherWays.test(name)),
    [folder, dirname(folder)].some((place) => existsSync(join(place, '.env'))),
    // A key may be in the keychain then.
    contains(join(folder, 'settings.json'), 'selectedType'),
  ]
  return mayBe.includes(true) ? 'unknown' : 'no'
}

const keys = /^(GEMINI|GOOGLE)_API_KEY$/
const otherWays =
  /^(GOOGLE_GENAI_USE_|GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_CLOUD_|GOOGLE_GEMINI_BASE_URL|GEMINI_CLI_(CUSTOM_HEADERS|USE_COMPUTE_ADC)|CLOUD_SHELL)/

/** A file that cannot be read says nothing: it may well contain it. */
function contains(path: string, word: string): boolean {
  if (!existsSync(path)) return false
  try {
    return readFileSync(path, 'utf8').includes(word)
  } catch {
    return true
  }
}
