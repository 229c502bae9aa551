import { SubagentError } from '@subagent-mcp/contract'
import { readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What we keep there, by its name: the folder may be one of the user's, with other things in it. */
const ours = /^(installer|run|answers|token|journal\.db.*|daemon-.*\.log.*)$/

/**
 * Removes our state; what the user wrote (`config.jsonc`, `agents/`, routing) and what is not ours stays, and is
 * returned by its names. @throws SubagentError `io-failed`
 */
export function purgeHome(folder: string): string[] {
  try {
    const names = readdirSync(folder)
    for (const name of names.filter((name) => ours.test(name)))
      rmSync(join(folder, name), { recursive: true })
    const kept = names.filter((name) => !ours.test(name))
    if (kept.length === 0) rmdirSync(folder)
    return kept
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    const hint = 'look at its rights, and run it again'
    throw new SubagentError('io-failed', `cannot remove ${folder} (${String(cause)})`, { hint, cause })
  }
}
