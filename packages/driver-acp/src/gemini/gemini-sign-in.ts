import { mayContain, type Environment } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { geminiFolder } from './gemini-files.js'

/** Whether the user is signed in to Gemini; `no` without a variable, an account and a setting for one. */
export function geminiSignIn(environment: Environment): 'yes' | 'no' | 'unknown' {
  const folder = geminiFolder(environment)
  const variables = Object.entries(environment).flatMap(([name, value]) => (value ? [name] : []))
  if (variables.some((name) => keys.test(name)) || existsSync(join(folder, 'oauth_creds.json'))) return 'yes'
  const mayBe = [
    variables.some((name) => otherWays.test(name)),
    [folder, dirname(folder)].some((place) => existsSync(join(place, '.env'))),
    // With this setting the key may be in the keychain.
    mayContain(join(folder, 'settings.json'), /selectedType/),
  ]
  return mayBe.includes(true) ? 'unknown' : 'no'
}

const keys = /^(GEMINI|GOOGLE)_API_KEY$/
const otherWays =
  /^(GOOGLE_GENAI_USE_|GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_CLOUD_|GOOGLE_GEMINI_BASE_URL|GEMINI_CLI_(CUSTOM_HEADERS|USE_COMPUTE_ADC)|CLOUD_SHELL)/
