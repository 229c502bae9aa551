import { foldedPath } from './place.js'
import { pathExpression } from './name-patterns.js'
import kinds from './steering-files.json' with { type: 'json' }

const steering = pathExpression(kinds.flatMap(({ files }) => files))

/** Whether another program runs or obeys a file by itself, or a folder holds such files. The path is below a folder. */
export function isSteering(path: string): boolean {
  return steering.test(foldedPath(path)) || steering.test(asOnWindows(path))
}

/** Windows drops dots and spaces at the end of a name and what follows a colon, and knows `.git` as `git~1` too. */
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
