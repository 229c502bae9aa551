import { userConfigFolder, userHome } from '@subagent-mcp/definitions'
import { join, resolve } from 'node:path'

/** The absolute path of a path in the configuration: `~` is the user's home, and relative paths start in the configuration's folder. */
export function configuredPath(path: string, environment: NodeJS.ProcessEnv): string {
  return /^~[\\/]/.test(path)
    ? join(userHome(environment), path.slice(2))
    : resolve(userConfigFolder(environment), path)
}
