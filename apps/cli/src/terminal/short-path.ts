import { sep } from 'node:path'

/** A folder as a person would write it: `~` for the home folder. */
export function shortPath(folder: string, home: string): string {
  if (folder === home) return '~'
  return folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder
}
