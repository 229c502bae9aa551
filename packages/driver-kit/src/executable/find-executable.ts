import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { SubagentError } from '@subagent-mcp/contract'
import { listExecutableCandidates } from './executable-candidates.js'
import type { Environment } from '../environment/environment.js'

/**
 * The absolute path of a CLI: the configured one, else the first on PATH, else the first in the folders of known
 * installers; else undefined. @throws SubagentError `config-invalid` when the configured path is no executable file
 */
export function findExecutable(options: {
  name: string
  /** The path that the user has set: absolute, or with `~/` from the home folder. An empty text counts as none. */
  configured?: string | undefined
  environment: Environment
  platform?: NodeJS.Platform
  home?: string
}): string | undefined {
  const { name, configured, environment, platform = process.platform, home = homedir() } = options
  if (configured) return configuredExecutable({ name, configured, home })
  return listExecutableCandidates({ name, environment, platform, home, foldersIn }).find(isExecutable)
}

function configuredExecutable(options: { name: string; configured: string; home: string }): string {
  const file = options.configured.replace(/^~(?=[\\/])/, options.home)
  if (path.isAbsolute(file) && isExecutable(file)) return file
  throw new SubagentError(
    'config-invalid',
    `the configured ${options.name} is no executable file: ${options.configured}`,
    {
      hint: `set the absolute path of ${options.name}, or remove the setting to have it searched for`,
    },
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    // The file does not exist, or may not be read.
    return false
  }
}

/** Lists folders, and links, which a version manager may have for a version. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // The version manager is not installed.
    return []
  }
}
