import type { Environment } from '@subagent-mcp/driver-kit'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { geminiFolder, readGeminiSettings, type GeminiSettings } from './gemini-files.js'

/** A private folder for the processes with the same settings. */
export type GeminiHome = {
  folder: string
  /** A file of one process alone. */
  log: string
  /** What the CLI takes for its home; missing on Windows, where the user's own cannot be linked. */
  home: string | undefined
  /**
   * Where the rules are for what it may do: the user's own go, once others are named, unless they are named too. Of rules
   * with the same priority the first one counts: that is ours.
   */
  policies: readonly string[]
  remove: () => void
}

/** Whether Gemini can have settings of ours. Windows lets only some users make links to files. */
export const hasPrivateHome = process.platform !== 'win32'

/**
 * A home that is the user's in all but the settings: hooks must not run, a `.env` of the project must not be read, and a
 * sign-in has to be named; no flag says so, and a settings file of the system's must be root's. All else stays where it
 * is, by links; what the CLI writes anew is given back.
 */
export function prepareGeminiHome(environment: Environment, policy = ''): GeminiHome {
  const users = geminiFolder(environment)
  const settings = changedSettings(readGeminiSettings(users), environment)
  const key = JSON.stringify([users, settings, policy])
  const shared = homes.get(key) ?? makeHome(users, settings, policy)
  homes.set(key, shared)
  shared.processes += 1
  const log = mkdtempSync(join(tmpdir(), 'subagent-mcp-gemini-log-'))
  writeFileSync(join(log, 'debug.log'), '', { mode: 0o600 })
  const remove = () => {
    removeFolder(log)
    shared.processes -= 1
    if (shared.processes > 0) return
    homes.delete(key)
    shared.remove()
  }
  const { folder, policies } = shared
  return { folder, log: join(log, 'debug.log'), home: hasPrivateHome ? folder : undefined, policies, remove }
}

type SharedHome = Pick<GeminiHome, 'folder' | 'policies' | 'remove'> & { processes: number }

/** Processes with the same settings and rules have one home, because its path stands in each request to the model. */
const homes = new Map<string, SharedHome>()

function makeHome(users: string, settings: GeminiSettings, policy: string): SharedHome {
  const folder = makeFolder()
  const ours = join(folder, '.gemini')
  let linked: Linked = new Map()
  const remove = () => {
    try {
      if (hasPrivateHome) giveBack(ours, users, linked)
    } catch {
      // What cannot be given back must not keep a session from ending.
    }
    removeFolder(folder)
  }
  try {
    if (hasPrivateHome) linked = linkFiles(users, ours, settings)
    const policies = policy === '' ? [] : [join(folder, policyName), ...usersPolicies(users)]
    if (policy !== '') writeFileSync(join(folder, policyName), policy, { mode: 0o600 })
    return { folder, policies, remove, processes: 0 }
  } catch (cause) {
    remove()
    throw cause
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // A leftover must not keep a session from ending.
  }
}

/**
 * Its path stands in each request to the model, before what differs from task to task. So it is the same one for a
 * process as for the one before it, for as long as nothing else has it.
 */
function makeFolder(): string {
  const user = process.getuid?.() ?? 'user'
  for (let number = 0; ; number += 1) {
    const folder = join(tmpdir(), `subagent-mcp-gemini-${user}-${number}`)
    try {
      mkdirSync(folder, { mode: 0o700 })
      return folder
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    }
  }
}

function usersPolicies(users: string): readonly string[] {
  return [join(users, 'policies')].filter((place) => existsSync(place))
}

const policyName = 'policy.toml'

/** What was in the user's files when they were linked; of one that was not there, nothing. */
type Linked = ReadonlyMap<string, string | undefined>

function linkFiles(users: string, ours: string, settings: GeminiSettings): Linked {
  mkdirSync(ours)
  for (const name of folders) mkdirSync(join(users, name), { recursive: true })
  const names = [...new Set([...files, ...readdirSync(users)])].filter((name) => name !== settingsName)
  for (const name of names) symlinkSync(join(users, name), join(ours, name))
  for (const name of homeFiles) symlinkSync(join(dirname(users), name), join(dirname(ours), name))
  writeFileSync(join(ours, settingsName), JSON.stringify(settings), { mode: 0o600 })
  return new Map(names.map((name) => [name, textOf(join(users, name))]))
}

function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'latin1') : undefined
}

/**
 * Some files are saved by a rename, which puts a file in the place of a link; some were not there to be linked. What
 * the user's side has had of its own meanwhile is newer, and stays.
 */
function giveBack(ours: string, users: string, linked: Linked): void {
  for (const entry of readdirSync(ours, { withFileTypes: true })) {
    if (entry.isSymbolicLink() || entry.name === settingsName) continue
    const there = join(users, entry.name)
    const force = entry.isFile() && textOf(there) === linked.get(entry.name)
    cpSync(join(ours, entry.name), there, { recursive: true, force })
  }
}

const settingsName = 'settings.json'
/** What the CLI makes at its first start must come to be at the user's. */
const folders = ['tmp', 'history']
const files = ['projects.json', 'installation_id', 'google_accounts.json', 'oauth_creds.json', 'GEMINI.md']
/** What it looks for in the home itself. */
const homeFiles = ['.env', '.agents']

/** The settings without hooks and without the `.env` of a project, and with the sign-in that the environment has. */
function changedSettings(settings: GeminiSettings, environment: Environment): GeminiSettings {
  const { hooksConfig, advanced, security } = settings
  const signInType = security?.auth?.selectedType === undefined ? signInTypeOf(environment) : undefined
  return {
    ...settings,
    hooksConfig: { ...hooksConfig, enabled: false },
    advanced: { ...advanced, ignoreLocalEnv: true },
    ...(signInType !== undefined && {
      security: { ...security, auth: { ...security?.auth, selectedType: signInType } },
    }),
  }
}

function signInTypeOf(environment: Environment): string | undefined {
  if (environment['GOOGLE_GENAI_USE_GCA'] === 'true') return 'oauth-personal'
  if (environment['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return 'vertex-ai'
  return environment['GEMINI_API_KEY'] === undefined ? undefined : 'gemini-api-key'
}
