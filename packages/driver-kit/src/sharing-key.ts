import { createHash } from 'node:crypto'
import { childEnvironment, type Environment } from './child-environment.js'
import { sessionNoise } from './session-noise.js'
import { isInGroups } from './variable-group.js'

/**
 * Names an environment: two callers with the same key may share a process, as their environments differ in nothing
 * but their sessions. A hash, so that no key or token can be read off it.
 */
export function sharingKey(environment: Environment): string {
  const shared = Object.entries(childEnvironment(environment)).filter(
    ([name]) => !isInGroups(sessionNoise, name),
  )
  return createHash('sha256')
    .update(JSON.stringify(shared.sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
}
