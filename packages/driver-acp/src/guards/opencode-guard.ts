import { listFolderAndParents, getHomeFolder } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  findUnknownSettingsKeys,
  listParentSettingsKeys,
  isSameFilePath,
  type ProjectFinding,
} from './project-files.js'
import {
  createProjectRefusal,
  noProjectGuard,
  type GuardedSessionSpec,
  type ProjectFilesCheck,
} from './project-guard.js'

/**
 * Refuses sessions below `full-auto` in projects that configure opencode. Its own switches (1.18: `--pure`,
 * `OPENCODE_DISABLE_PROJECT_CONFIG`) leave out AGENTS.md but not the project's plugins, and opencode installs a package into
 * each `.opencode` folder as the project's `.npmrc` says. Without these files it reads only instructions and skills.
 */
export const guardOpencodeProject: ProjectFilesCheck = (spec) => {
  const findings = findOpencodeProject(spec)
  if (findings.length === 0) return noProjectGuard
  if (spec.permissions === 'full-auto') return { ...noProjectGuard, isApart: true }
  return { failure: createProjectRefusal('opencode', findings) }
}

/** Finds opencode files of the project. Those in the home folder and its parents are the user's own. */
function findOpencodeProject({ cwd, environment }: GuardedSessionSpec): readonly ProjectFinding[] {
  const home = getHomeFolder(environment)
  return listFolderAndParents(cwd)
    .filter((folder) => !listFolderAndParents(home).some((own) => isSameFilePath(own, folder)))
    .flatMap((folder) => [
      ...['opencode.json', 'opencode.jsonc'].flatMap((name) =>
        findUnknownSettingsKeys(join(folder, name), known),
      ),
      ...(existsSync(join(folder, '.opencode')) ? [{ path: join(folder, '.opencode') }] : []),
    ])
}

/** Keys that start nothing, open no connection and allow nothing. Every other key counts as harmful. */
const harmlessKeys: ReadonlySet<string> = new Set([
  ...['$schema', 'theme', 'model', 'small_model', 'username', 'keybinds', 'tui', 'compaction', 'watcher'],
])

const known = {
  groups: new Set(listParentSettingsKeys(harmlessKeys)),
  isKnown: (key: string, value: unknown) =>
    harmlessKeys.has(key) || (key === 'permission' && restricts(value)),
}

function restricts(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(restricts)
  return value === 'ask' || value === 'deny'
}
