import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { SubagentError } from '@subagent-mcp/contract'
import { executableCandidates } from './executable-candidates.js'
import type { Environment } from '../environment/environment.js'

/**
 * The absolute path of a CLI, or `undefined`: where the user says it is, else on PATH, else where its installers put
 * it. Throws `config-invalid` when it is not where the user says.
 */
export function findExecutable(options: {
  name: string
  /** The user's setting: absolute, or from the home folder with `~/`. An empty one is none. */
  configured?: string | undefined
  environment: Environment
  platform?: NodeJS.Platform
  home?: string
}): string | undefined {
  const { name, configured, environment, platform = process.platform, home = homedir() } = options
  if (configured) return configuredExecutable({ name, configured, home })
  return executableCandidates({ name, environment, platform, home }).find(isExecutable)
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
    // Missing, or out of reach: either way it cannot be run.
    return false
  }
}
