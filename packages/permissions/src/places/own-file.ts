import { foldedPath, isBelow, type CallPlace } from './place.js'
import { isSteering } from './steering.js'

/** Whether a path is in the folder, and no file that another program runs or obeys by itself. */
export function isOwnFile(path: string, place: CallPlace): boolean {
  return isInFolder(path, place) && !isSteering(path.slice(place.cwd.length))
}

/** Whether a path is below the agent's folder. Of a home, or of all that there is, an agent owns nothing. */
export function isInFolder(path: string, { cwd, home }: CallPlace): boolean {
  return isBelow(path, cwd) && cwd !== home && !isBelow(home, cwd)
}

/** Whether a path is in the folder, and in no repository's own files: git runs what their settings name. */
export function isOutsideGit(path: string, place: CallPlace): boolean {
  return isInFolder(path, place) && !/\/(\.git|head)(\/|$)/.test(foldedPath(path.slice(place.cwd.length)))
}
