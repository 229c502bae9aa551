import { createHash } from 'node:crypto'
import type { AgentDefinition } from './definition.js'

/** A hash that changes with everything that sessions of the agent depend on, the content of prime files included. */
export function hashDefinition(definition: AgentDefinition): string {
  const { description, path, category, timeoutMs, pool, unknownKeys, notes, lines, ...shape } = definition
  return createHash('sha256').update(JSON.stringify(shape)).digest('hex')
}
