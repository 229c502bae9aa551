import { basename, dirname } from 'node:path'
import { convertToMailName } from './mail-name.js'

/**
 * Mailbox names for a host in a project's root folder, best first: the folder's name, with its parent's name, and the end of
 * its path. A host uses the first one that no other project has.
 */
export function listHostMailNames(root: string): readonly [string, ...string[]] {
  const long = convertToMailName(`${basename(dirname(root))}.${basename(root)}`)
  return [convertToMailName(basename(root)), long, convertToMailName(root.slice(-64))]
}
