import { basename, dirname } from 'node:path'
import { mailName } from './mail-name.js'

/**
 * The names that a host may have in the mailbox, by its project's root, the best first: the folder's, unless that is
 * another's; in the end as much of the path as a name takes.
 */
export function namesFor(root: string): readonly [string, ...string[]] {
  const long = mailName(`${basename(dirname(root))}.${basename(root)}`)
  return [mailName(basename(root)), long, mailName(root.slice(-64))]
}
