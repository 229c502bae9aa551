import { matchesGlob } from './glob.js'
import { foldPathCase, type ToolCallContext } from './tool-call-context.js'
import { isCredentialFile } from './credentials.js'

export type WholeFolderRead = {
  folder: string
  /** The folder as it is written in the command; patterns for paths begin with it. */
  asWritten?: string
  /** Patterns of the files that the command reads; all files without patterns. In a pattern with a slash `*` matches any text. */
  taken?: readonly string[]
  /** Patterns of files and folders that are skipped. */
  leftOut?: readonly string[]
  leftOutFolders?: readonly string[]
  /** Whether the command skips hidden files and folders. */
  hidesDots?: boolean
}

/** The most file names in a folder that are checked. Secrets are near the top of a tree. */
const mostNames = 2_000

/**
 * Returns the first credential that reading a whole folder would show, including the settings of a repository. Checks a limited
 * number of names, and follows no links.
 */
export function findCredentialInFolder(read: WholeFolderRead, place: ToolCallContext): string | undefined {
  const ahead = ['']
  let looked = 0
  for (let inside = ahead.shift(); inside !== undefined && looked < mostNames; inside = ahead.shift()) {
    for (const name of place.names(`${read.folder}${inside}`)) {
      looked += 1
      const path = `${inside}/${name}`
      if (read.hidesDots === true && name.startsWith('.')) continue
      if (reads(read, path) && isCredentialFile(`${read.folder}${path}`, place))
        return `${read.folder}${path}`
      if (isEntered(read, path, place)) ahead.push(path)
    }
  }
  return undefined
}

function reads({ taken = [], leftOut = [], asWritten = '.' }: WholeFolderRead, path: string): boolean {
  const fits = (pattern: string): boolean => fitsRead(pattern, path, asWritten)
  return !leftOut.some(fits) && (taken.length === 0 || taken.some(fits))
}

/** Whether the check for credentials enters a folder. It skips packages, links, and parts of a repository without secrets. */
function isEntered(
  { folder, leftOutFolders = [], asWritten = '.' }: WholeFolderRead,
  path: string,
  place: ToolCallContext,
): boolean {
  if (/\/(node_modules|objects|refs|logs|hooks)$/.test(path)) return false
  if (leftOutFolders.some((pattern) => fitsRead(pattern, path, asWritten))) return false
  return place.realPath(`${folder}${path}`) === `${folder}${path}`
}

function fitsRead(pattern: string, path: string, asWritten: string): boolean {
  const text = foldPathCase(path)
  const glob = foldPathCase(pattern).replace(/\/+$/, '')
  if (!glob.includes('/')) return matchesGlob(glob, text.slice(text.lastIndexOf('/') + 1))
  return [text, text.slice(1), `${foldPathCase(asWritten)}${text}`].some((one) =>
    matchesGlob(glob, one, { wholeTree: true }),
  )
}
