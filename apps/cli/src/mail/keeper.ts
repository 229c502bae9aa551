import { makeFolder, pidScope } from '@subagent-mcp/driver-kit'
import { SubagentError } from '@subagent-mcp/contract'
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * What this home is called among the machines of a fleet, the same after a restart: by it others know whose handlers are
 * whose. Homes may be shared and machines may be copies, so all that tells them apart is in it.
 * @throws SubagentError `io-failed`
 */
export function keeperOf(home: string): string {
  const parts = [ownId(home), hostname(), pidScope()]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}

function ownId(home: string): string {
  const path = join(home, 'mailbox-id')
  try {
    makeFolder(home)
    writeFileSync(path, randomUUID(), { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw unusable(path, cause)
  }
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function unusable(path: string, cause: unknown): SubagentError {
  const message = `cannot use ${path} (${String(cause)})`
  return new SubagentError('io-failed', message, { hint: 'free it, or set SUBAGENT_MCP_HOME', cause })
}
