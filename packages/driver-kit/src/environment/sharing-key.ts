import { createHash } from 'node:crypto'
import { sessionNoise } from './session-noise.js'
import { isInGroups } from './variable-group.js'

/**
 * Names a child's environment: two children with the same key may be one process, as their callers differ in nothing
 * but their sessions. A hash, so that no key or token can be read off it.
 */
export function sharingKey(environment: Readonly<Record<string, string>>): string {
  const shared = Object.entries(environment).filter(([name]) => !isInGroups(sessionNoise, name))
  return createHash('sha256')
    .update(JSON.stringify(shared.sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
}
