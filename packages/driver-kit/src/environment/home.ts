import { homedir } from 'node:os'
import type { Environment } from './environment.js'

/** The home folder in an environment; the home of this process's user where the environment names none. */
export function homeFolderOf(environment: Environment): string {
  return environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
}
