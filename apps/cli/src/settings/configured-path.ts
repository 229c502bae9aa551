import { getUserConfigFolder, getUserHomeFolder } from '@subagent-mcp/definitions'
import { join, resolve } from 'node:path'

/** Returns the absolute path for a path in the configuration: `~` is the user's home, and relative paths start in the configuration's folder. */
export function resolveConfiguredPath(path: string, environment: NodeJS.ProcessEnv): string {
  return /^~[\\/]/.test(path)
    ? join(getUserHomeFolder(environment), path.slice(2))
    : resolve(getUserConfigFolder(environment), path)
}
