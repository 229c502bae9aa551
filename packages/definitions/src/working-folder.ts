import { isMissing } from '@subagent-mcp/contract'
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { invalidFile } from './invalid-file.js'
import { isInside } from './read-text-file.js'

type Place = { path: string; line: number; folder: string; project: string }

/**
 * The absolute `cwd` of the definition at `path`. That of one that came with the project is inside of the project, by
 * real paths; the user's own may name any folder. It need not exist.
 * @throws SubagentError `definition-invalid`
 */
export function workingFolder(cwd: string, { path, line, folder, project }: Place): string {
  const absolute = resolve(project, cwd)
  const root = realPath(resolve(project))
  const isProjects = isInside(resolve(project), resolve(folder)) || isInside(root, realPath(folder))
  const real = realPath(absolute)
  if (!isProjects || isInside(root, real)) return absolute
  const message = `cwd: leads to ${real}, outside of ${project}`
  const hint =
    "name a folder of the project, or put the agent into your own folder of agents, not the project's"
  throw invalidFile(path, [{ line, message, hint }])
}

/** Of what is not there, that of the folders that are. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    if (!isMissing(cause) || dirname(path) === path) throw cause
    return join(realPath(dirname(path)), basename(path))
  }
}
