import type { Environment } from '@subagent-mcp/driver-kit'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { geminiFolder, readGeminiSettings, type GeminiSettings } from './gemini-files.js'

/** A private folder for one process. */
export type GeminiHome = {
  folder: string
  /** What the CLI takes for its home; missing where its files cannot be linked. */
  home: string | undefined
  remove: () => void
}

/**
 * A home for the CLI that is the user's in all but the settings: they can be changed in no other way than by the
 * user's file, and user hooks must not run. Sessions, sign-in and memory stay where they are, by links.
 */
export function prepareGeminiHome(environment: Environment): GeminiHome {
  const folder = mkdtempSync(join(tmpdir(), 'subagent-mcp-'))
  writeFileSync(join(folder, 'debug.log'), '', { mode: 0o600 })
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
  // Windows lets only some users make links to files: there the hooks stay.
  if (process.platform === 'win32') return { folder, home: undefined, remove }
  try {
    linkFiles(geminiFolder(environment), join(folder, '.gemini'), environment)
    return { folder, home: folder, remove }
  } catch (cause) {
    remove()
    throw cause
  }
}

function linkFiles(users: string, ours: string, environment: Environment): void {
  mkdirSync(ours)
  for (const name of folders) mkdirSync(join(users, name), { recursive: true })
  for (const name of new Set([...files, ...readdirSync(users)])) {
    if (name !== 'settings.json') symlinkSync(join(users, name), join(ours, name))
  }
  const settings = cleanSettings(readGeminiSettings(users), environment)
  writeFileSync(join(ours, 'settings.json'), JSON.stringify(settings), { mode: 0o600 })
}

/** What the CLI makes at its first start must come to be at the user's. */
const folders = ['tmp', 'history']
const files = ['projects.json', 'installation_id', 'google_accounts.json', 'oauth_creds.json']

/** No hooks; and the sign-in that the environment has, which is not asked when there is a base URL. */
function cleanSettings(settings: GeminiSettings, environment: Environment): GeminiSettings {
  const { hooksConfig, security } = settings
  const selectedType = security?.auth?.selectedType ?? signInTypeOf(environment)
  return {
    ...settings,
    hooksConfig: { ...hooksConfig, enabled: false },
    ...(selectedType !== undefined && {
      security: { ...security, auth: { ...security?.auth, selectedType } },
    }),
  }
}

function signInTypeOf(environment: Environment): string | undefined {
  if (environment['GOOGLE_GENAI_USE_GCA'] === 'true') return 'oauth-personal'
  if (environment['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return 'vertex-ai'
  return environment['GEMINI_API_KEY'] === undefined ? undefined : 'gemini-api-key'
}
