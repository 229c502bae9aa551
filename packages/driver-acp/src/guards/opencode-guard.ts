import { foldersAround } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findKeys, groupsOf, isSame, type Finding } from './project-files.js'
import { projectRefusal, unguarded, type GuardedSpec, type GuardProject } from './project-guard.js'

/**
 * Refuses sessions below `full-auto` in projects that configure opencode. Its own switches (1.18: `--pure`,
 * `OPENCODE_DISABLE_PROJECT_CONFIG`) leave out AGENTS.md, but a project's plugins run all the same; and into each `.opencode`
 * it installs a package as the project's `.npmrc` says. Without these files it takes instructions and skills of a project
 * and nothing else.
 */
export const guardOpencode: GuardProject = (spec) => {
  const findings = findOpencodeProject(spec)
  if (findings.length === 0) return unguarded
  if (spec.permissions === 'full-auto') return { ...unguarded, isApart: true }
  return { failure: projectRefusal('opencode', findings) }
}

/** Of the home and of its parents opencode reads what the user has there. */
function findOpencodeProject({ cwd, environment }: GuardedSpec): readonly Finding[] {
  const home = environment['HOME'] ?? homedir()
  return foldersAround(cwd)
    .filter((folder) => !foldersAround(home).some((own) => isSame(own, folder)))
    .flatMap((folder) => [
      ...['opencode.json', 'opencode.jsonc'].flatMap((name) => findKeys(join(folder, name), known)),
      ...(existsSync(join(folder, '.opencode')) ? [{ path: join(folder, '.opencode') }] : []),
    ])
}

/** They start nothing, open no connection and allow nothing. Whatever is not here counts as harmful. */
const harmlessKeys: ReadonlySet<string> = new Set([
  ...['$schema', 'theme', 'model', 'small_model', 'username', 'keybinds', 'tui', 'compaction', 'watcher'],
])

const known = {
  groups: new Set(groupsOf(harmlessKeys)),
  isKnown: (key: string, value: unknown) =>
    harmlessKeys.has(key) || (key === 'permission' && restricts(value)),
}

function restricts(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(restricts)
  return value === 'ask' || value === 'deny'
}
