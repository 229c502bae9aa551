import { matchesGlob } from '../places/glob.js'
import { resolveCallPath, type ToolCallContext } from '../places/tool-call-context.js'
import type { PossibleWordFiles } from './tool-call-action.js'

const mostFolders = 300

/**
 * The files that a shell pattern matches in a folder, with links followed, and the pattern itself as a file name. Undefined
 * stands for unknown files, such as when there are too many.
 */
export function expandShellPattern(
  pattern: string,
  { isParted }: { isParted: boolean },
  from: string,
  place: ToolCallContext,
): PossibleWordFiles {
  const end = pattern.lastIndexOf('/') + 1
  const [last, above] = [pattern.slice(end), pattern.slice(0, end)]
  const folders = foldersThatFit(above, from, place)
  if (folders === undefined) return [undefined]
  const names = folders.flatMap((folder) => (last === '' ? [] : fitting(last, folder, place)))
  // The shell would split such a name at its spaces.
  const isUnsure =
    isParted &&
    [...folders.map((folder) => folder.slice(from.length)), ...names].some((name) =>
      /[\s*?[\]\\~]/.test(name),
    )
  if (isUnsure) return [undefined]
  return folders.flatMap((folder) =>
    [last, ...(last === '' ? [] : fitting(last, folder, place))].map((name) =>
      resolveCallPath(name || '.', place, folder),
    ),
  )
}

/** The folders that all but the last part of a pattern match. As in zsh, `**` includes all folders below. */
function foldersThatFit(above: string, from: string, place: ToolCallContext): readonly string[] | undefined {
  const open = above.search(/[^/]*[*?[]/)
  const fixed = open < 0 ? above : above.slice(0, open)
  const start = resolveCallPath(fixed || '.', place, from)
  if (start === undefined) return undefined
  let folders: readonly string[] = [start]
  for (const part of open < 0
    ? []
    : above
        .slice(open)
        .split('/')
        .filter((name) => name !== '')) {
    const next = /^\*\*+$/.test(part) ? below(folders, place) : stepInto(part, folders, place)
    if (next === undefined || next.length > mostFolders) return undefined
    folders = next
  }
  return folders
}

function stepInto(
  part: string,
  folders: readonly string[],
  place: ToolCallContext,
): readonly string[] | undefined {
  const names = folders.flatMap((folder) => {
    const found = /[*?[]/.test(part) ? fitting(part, folder, place) : [part]
    return found.map((name) => resolveCallPath(name, place, folder))
  })
  const known = names.filter((path) => path !== undefined)
  return known.length === names.length ? [...new Set(known)] : undefined
}

/** Returns folders and all folders below them, except hidden ones; undefined when there are too many. */
function below(folders: readonly string[], place: ToolCallContext): readonly string[] | undefined {
  const found = new Set(folders)
  for (const folder of found) {
    for (const path of stepInto('*', [folder], place) ?? []) found.add(path)
    if (found.size > mostFolders * 4) return undefined
  }
  return [...found].filter((path) => folders.includes(path) || place.names(path).length > 0)
}

/** The names in a folder that a pattern without slashes matches. Brackets count as `*`. */
function fitting(pattern: string, folder: string, place: ToolCallContext): readonly string[] {
  const open = pattern.replace(/\[.*/s, '*')
  // In some shells a pattern also matches `.` and `..`.
  return ['.', '..', ...place.names(folder)].filter(
    (name) => (pattern.startsWith('.') || !name.startsWith('.')) && matchesGlob(open, name),
  )
}
