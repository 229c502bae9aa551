import { foldedPath, isBelow, type CallPlace } from './place.js'
import { isSteering } from './steering.js'

/** Whether a path is below the agent's folder, and no other program runs or obeys the file by itself. */
export function isOwnFile(path: string, place: CallPlace): boolean {
  return isInFolder(path, place) && !isSteering(path.slice(place.cwd.length))
}

/** Whether a path is below the agent's folder. False when that folder is the home folder or a parent of it. */
export function isInFolder(path: string, { cwd, home }: CallPlace): boolean {
  return isBelow(path, cwd) && cwd !== home && !isBelow(home, cwd)
}

/** Whether a path is below the agent's folder, and not among the files of a repository itself, whose settings name programs for git to run. */
export function isOutsideGit(path: string, place: CallPlace): boolean {
  return isInFolder(path, place) && !/\/(\.git|head)(\/|$)/.test(foldedPath(path.slice(place.cwd.length)))
}
