import { removeFolderIfPossible, type Environment } from '@subagent-mcp/driver-kit'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getGeminiFolder, readGeminiSettings, type GeminiSettings } from './gemini-files.js'

export type GeminiHome = {
  folder: string
  /** The path of the log file that one Gemini process writes. */
  log: string
  /** The private home, for `GEMINI_CLI_HOME`. Missing on Windows, where the user's files cannot be linked. */
  home: string | undefined
  /**
   * The paths for `--policy`. They include the user's policies, which Gemini ignores when other paths are given. The
   * driver's rules come first, because of rules with the same priority the first one counts.
   */
  policies: readonly string[]
  remove: () => void
}

/** Whether Gemini gets a private home. On Windows only some users may create links to files. */
export const hasPrivateGeminiHome = process.platform !== 'win32'

/**
 * Creates a home with links to the user's files and with settings of its own: no hooks, no `.env` of the project, and a
 * sign-in type. Gemini has no flags for these, and settings of the system belong to root. Files that Gemini writes in place
 * of a link are copied back to the user's folder.
 */
export function prepareGeminiHome(environment: Environment, policy = ''): GeminiHome {
  const users = getGeminiFolder(environment)
  const settings = changedSettings(readGeminiSettings(users), environment)
  const key = JSON.stringify([users, settings, policy])
  const shared = homes.get(key) ?? makeHome(users, settings, policy)
  homes.set(key, shared)
  shared.processes += 1
  const log = mkdtempSync(join(tmpdir(), 'subagent-mcp-gemini-log-'))
  writeFileSync(join(log, 'debug.log'), '', { mode: 0o600 })
  const remove = () => {
    removeFolderIfPossible(log)
    shared.processes -= 1
    if (shared.processes > 0) return
    homes.delete(key)
    shared.remove()
  }
  const { folder, policies } = shared
  return {
    folder,
    log: join(log, 'debug.log'),
    home: hasPrivateGeminiHome ? folder : undefined,
    policies,
    remove,
  }
}

type SharedHome = Pick<GeminiHome, 'folder' | 'policies' | 'remove'> & { processes: number }

/** The private Gemini homes in use. Equal processes share one, because its path is in each request to the model. */
const homes = new Map<string, SharedHome>()

function makeHome(users: string, settings: GeminiSettings, policy: string): SharedHome {
  const folder = makeFolder()
  const ours = join(folder, '.gemini')
  let linked: Linked = new Map()
  const remove = () => {
    try {
      if (hasPrivateGeminiHome) copyBack(ours, users, linked)
    } catch {
      // A file that cannot be copied back must not keep a session from ending.
    }
    removeFolderIfPossible(folder)
  }
  try {
    if (hasPrivateGeminiHome) linked = linkFiles(users, ours, settings)
    const policies = policy === '' ? [] : [join(folder, policyName), ...usersPolicies(users)]
    if (policy !== '') writeFileSync(join(folder, policyName), policy, { mode: 0o600 })
    return { folder, policies, remove, processes: 0 }
  } catch (cause) {
    remove()
    throw cause
  }
}

/**
 * Creates the first free folder of a numbered series, so that a process gets the path of the one before it. The path is in
 * each request to the model, before the parts that differ from task to task, and a new one would miss the prompt cache.
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

/** The content of the user's Gemini files when a private home linked to them; undefined for a missing file. */
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
 * Copies files back that Gemini saved by a rename in place of a link, or that did not exist before. A file that changed in
 * the user's folder meanwhile is newer, and stays.
 */
function copyBack(ours: string, users: string, linked: Linked): void {
  for (const entry of readdirSync(ours, { withFileTypes: true })) {
    if (entry.isSymbolicLink() || entry.name === settingsName) continue
    const there = join(users, entry.name)
    const force = entry.isFile() && textOf(there) === linked.get(entry.name)
    cpSync(join(ours, entry.name), there, { recursive: true, force })
  }
}

const settingsName = 'settings.json'
/** Folders that Gemini creates at its first start; they must be created in the user's folder. */
const folders = ['tmp', 'history']
const files = ['projects.json', 'installation_id', 'google_accounts.json', 'oauth_creds.json', 'GEMINI.md']
/** Files that Gemini looks for in the home folder itself, not in `.gemini`. */
const homeFiles = ['.env', '.agents']

/** The user's settings, without hooks and without the `.env` of a project, and with the sign-in type of the environment. */
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
