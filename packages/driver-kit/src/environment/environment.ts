import { homedir } from 'node:os'

/** Environment variables of a process by name; one whose value is undefined counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The home folder in an environment; the home of this process's user where the environment names none. */
export function getHomeFolder(environment: Environment): string {
  return environment['HOME'] ?? environment['USERPROFILE'] ?? homedir()
}
