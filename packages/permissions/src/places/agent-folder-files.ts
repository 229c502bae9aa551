import { foldPathCase, isBelowFolder, type ToolCallContext } from './tool-call-context.js'
import { createPathRegExp } from './file-name-patterns.js'
import kinds from './steering-files.json' with { type: 'json' }

/** Whether a path is below the agent's folder, and no other program runs or obeys the file by itself. */
export function isNotAutoRunProjectFile(path: string, place: ToolCallContext): boolean {
  return isInAgentFolder(path, place) && !isSteering(path.slice(place.cwd.length))
}

/** Whether a path is below the agent's folder. False when that folder is the home folder or a parent of it. */
export function isInAgentFolder(path: string, { cwd, home }: ToolCallContext): boolean {
  return isBelowFolder(path, cwd) && cwd !== home && !isBelowFolder(home, cwd)
}

/** Whether a path is below the agent's folder, and not among the files of a repository itself, whose settings name programs for git to run. */
export function isOutsideGitFolder(path: string, place: ToolCallContext): boolean {
  return (
    isInAgentFolder(path, place) && !/\/(\.git|head)(\/|$)/.test(foldPathCase(path.slice(place.cwd.length)))
  )
}

const steering = createPathRegExp(kinds.flatMap(({ files }) => files))

/** Whether another program runs or obeys a file by itself, or a folder contains such files. The path is relative to the agent's folder. */
function isSteering(path: string): boolean {
  return steering.test(foldPathCase(path)) || steering.test(asOnWindows(path))
}

/** The path as Windows reads it: without dots and spaces at the end of a name and without text after a colon; `git~1` is `.git`. */
function asOnWindows(path: string): string {
  return foldPathCase(path)
    .split(/[/\\]/)
    .map((name) =>
      name
        .replace(/:.*$/s, '')
        .replace(/[. ]+$/, '')
        .replace(/^git~\d+$/, '.git'),
    )
    .join('/')
}
