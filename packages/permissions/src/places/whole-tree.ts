import { fitsGlob } from './glob.js'
import { foldedPath, type CallPlace } from './place.js'
import { isCredential } from './credentials.js'

/** How a folder is read with all that is in it. */
export type TreeRead = {
  folder: string
  /** The folder as the reader was told it: its own patterns for paths begin so. */
  told?: string
  /** Only files that fit one of these, where there are any; `*` in a pattern with a slash is any text. */
  taken?: readonly string[]
  /** Files and folders that are passed over. */
  leftOut?: readonly string[]
  leftOutFolders?: readonly string[]
  /** Whether names that begin with a dot are passed over. */
  hidesDots?: boolean
}

/** Where that many names were looked at, the rest is not: what is near the top is where secrets are. */
const mostNames = 2_000

/**
 * The nearest credential that the reading of a whole folder comes past, also the settings of a repository. A limited number of
 * names is looked at, and no link is followed.
 */
export function credentialInTree(read: TreeRead, place: CallPlace): string | undefined {
  const ahead = ['']
  let looked = 0
  for (let inside = ahead.shift(); inside !== undefined && looked < mostNames; inside = ahead.shift()) {
    for (const name of place.names(`${read.folder}${inside}`)) {
      looked += 1
      const path = `${inside}/${name}`
      if (read.hidesDots === true && name.startsWith('.')) continue
      if (reads(read, path) && isCredential(`${read.folder}${path}`, place)) return `${read.folder}${path}`
      if (isEntered(read, path, place)) ahead.push(path)
    }
  }
  return undefined
}

function reads({ taken = [], leftOut = [], told = '.' }: TreeRead, path: string): boolean {
  const fits = (pattern: string): boolean => fitsRead(pattern, path, told)
  return !leftOut.some(fits) && (taken.length === 0 || taken.some(fits))
}

/** Packages are many and not the project's own. Of a repository's files only the settings hold secrets. */
function isEntered(
  { folder, leftOutFolders = [], told = '.' }: TreeRead,
  path: string,
  place: CallPlace,
): boolean {
  if (/\/(node_modules|objects|refs|logs|hooks)$/.test(path)) return false
  if (leftOutFolders.some((pattern) => fitsRead(pattern, path, told))) return false
  return place.realPath(`${folder}${path}`) === `${folder}${path}`
}

function fitsRead(pattern: string, path: string, told: string): boolean {
  const text = foldedPath(path)
  const glob = foldedPath(pattern).replace(/\/+$/, '')
  if (!glob.includes('/')) return fitsGlob(glob, text.slice(text.lastIndexOf('/') + 1))
  return [text, text.slice(1), `${foldedPath(told)}${text}`].some((one) =>
    fitsGlob(glob, one, { wholeTree: true }),
  )
}
