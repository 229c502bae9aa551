import { createHash } from 'node:crypto'
import { terminalWindowVariables } from './session-noise.js'
import { isInVariableGroups } from './variable-group.js'

/**
 * A hash of a child's environment without `terminalWindowVariables`. Sessions with the same key can share a process, because their
 * environments differ in nothing that matters to it. A hash, so that it reveals no token.
 */
export function computeEnvironmentKey(environment: Readonly<Record<string, string>>): string {
  const shared = Object.entries(environment).filter(
    ([name]) => !isInVariableGroups(terminalWindowVariables, name),
  )
  return createHash('sha256')
    .update(JSON.stringify(shared.sort(([one], [other]) => (one < other ? -1 : 1))))
    .digest('hex')
}
