import { foldedPath } from './place.js'
import { pathExpression } from './name-patterns.js'
import kinds from './steering-files.json' with { type: 'json' }

const steering = pathExpression(kinds.flatMap(({ files }) => files))

/** Whether another program runs or obeys a file by itself, or a folder contains such files. The path is relative to the agent's folder. */
export function isSteering(path: string): boolean {
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
