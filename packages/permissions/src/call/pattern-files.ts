import { fitsGlob } from '../places/glob.js'
import { resolvePath, type CallPlace } from '../places/place.js'
import type { Files } from './action.js'

/** The most folders that are looked through for one pattern. */
const mostFolders = 300

/**
 * What a pattern becomes in a folder, links followed, and itself where nothing fits. A file that cannot be told is
 * `undefined`, as where there are too many.
 */
export function filesThatFit(
  pattern: string,
  { isParted }: { isParted: boolean },
  from: string,
  place: CallPlace,
): Files {
  const end = pattern.lastIndexOf('/') + 1
  const [last, above] = [pattern.slice(end), pattern.slice(0, end)]
  const folders = foldersThatFit(above, from, place)
  if (folders === undefined) return [undefined]
  const names = folders.flatMap((folder) => (last === '' ? [] : fitting(last, folder, place)))
  // Taken apart at its spaces, such a name is others.
  const isUnsure =
    isParted &&
    [...folders.map((folder) => folder.slice(from.length)), ...names].some((name) =>
      /[\s*?[\]\\~]/.test(name),
    )
  if (isUnsure) return [undefined]
  return folders.flatMap((folder) =>
    [last, ...(last === '' ? [] : fitting(last, folder, place))].map((name) =>
      resolvePath(name || '.', place, folder),
    ),
  )
}

/** The folders that the first part of a pattern fits: of `src/*` those in `src`, of `src/**` all below too, as in zsh. */
function foldersThatFit(above: string, from: string, place: CallPlace): readonly string[] | undefined {
  const open = above.search(/[^/]*[*?[]/)
  const fixed = open < 0 ? above : above.slice(0, open)
  const start = resolvePath(fixed || '.', place, from)
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

function stepInto(part: string, folders: readonly string[], place: CallPlace): readonly string[] | undefined {
  const names = folders.flatMap((folder) => {
    const found = /[*?[]/.test(part) ? fitting(part, folder, place) : [part]
    return found.map((name) => resolvePath(name, place, folder))
  })
  const known = names.filter((path) => path !== undefined)
  return known.length === names.length ? [...new Set(known)] : undefined
}

/** Folders and all that is in them, but for what begins with a dot. */
function below(folders: readonly string[], place: CallPlace): readonly string[] | undefined {
  const found = new Set(folders)
  for (const folder of found) {
    for (const path of stepInto('*', [folder], place) ?? []) found.add(path)
    if (found.size > mostFolders * 4) return undefined
  }
  return [...found].filter((path) => folders.includes(path) || place.names(path).length > 0)
}

/** The names in a folder that a pattern without slashes takes. What brackets take is not worked out: they count as anything. */
function fitting(pattern: string, folder: string, place: CallPlace): readonly string[] {
  const open = pattern.replace(/\[.*/s, '*')
  // Some shells take the folder itself and the one above for names like others.
  return ['.', '..', ...place.names(folder)].filter(
    (name) => (pattern.startsWith('.') || !name.startsWith('.')) && fitsGlob(open, name),
  )
}
