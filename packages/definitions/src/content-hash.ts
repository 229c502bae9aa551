import { createHash } from 'node:crypto'
import type { AgentDefinition } from './definition.js'

/** Another one as soon as anything changes that a session of the agent is made with, what it is primed with too. */
export function contentHash(definition: AgentDefinition): string {
  const { description, path, category, timeoutMs, pool, unknownKeys, notes, lines, ...shape } = definition
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex')
}
