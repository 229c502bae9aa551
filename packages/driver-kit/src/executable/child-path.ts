import path from 'node:path'
import type { Environment } from '../environment/environment.js'
import { foldersOfPathVariable } from './executable-candidates.js'

/**
 * The environment of a program that was found outside of PATH, with its folder and that of our Node at the end of PATH. A
 * program that a desktop starts has a short PATH (`/usr/bin:/bin`), and the CLIs that npm installs are scripts which look for
 * `node` there. A program whose folder is in PATH, or that has no PATH, gets its environment unchanged.
 */
export function addCliFolderToPath<Variables extends Environment>(
  command: string,
  environment: Variables,
  platform: NodeJS.Platform = process.platform,
): Variables | (Variables & Record<string, string>) {
  const { dirname, delimiter, isAbsolute } = platform === 'win32' ? path.win32 : path.posix
  const named = foldersOfPathVariable(environment, platform)
  const own = dirname(command)
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH')
  if (name === undefined || !isAbsolute(command) || named.includes(own)) return environment
  const missing = [own, dirname(process.execPath)].filter((folder) => !named.includes(folder))
  const folders = [environment[name] ?? '', ...new Set(missing)].filter((part) => part !== '')
  return { ...environment, [name]: folders.join(delimiter) }
}
