import { foldedPath, isBelow, type CallPlace } from './place.js'
import { pathExpression } from './name-patterns.js'
import kinds from './steering-files.json' with { type: 'json' }

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

const steering = pathExpression(kinds.flatMap(({ files }) => files))

/** Whether another program runs or obeys a file by itself, or a folder contains such files. The path is relative to the agent's folder. */
function isSteering(path: string): boolean {
  return steering.test(foldedPath(path)) || steering.test(asOnWindows(path))
}

/** The path as Windows reads it: without dots and spaces at the end of a name and without text after a colon; `git~1` is `.git`. */
function asOnWindows(path: string): string {
  return foldedPath(path)
    .split(/[/\\]/)
    .map((name) =>
      name
        .replace(/:.*$/s, '')
        .replace(/[. ]+$/, '')
        .replace(/^git~\d+$/, '.git'),
    )
    .join('/')
}
