import { SubagentError } from '@subagent-mcp/contract'
import type { Runner, Words } from './run-words.js'

/** What a command prints of a release. @throws SubagentError that says why it cannot be told, with this hint */
export async function askFor(words: Words, hint: string, run: Runner): Promise<string> {
  try {
    return (await run({ words, seconds: 60 })).trim()
  } catch (cause) {
    if (cause instanceof SubagentError && cause.code === 'io-failed') throw cannotTell(cause.message, hint)
    throw cause
  }
}

/** The error of a source that gives no answer. */
export function cannotTell(why: string, hint: string): SubagentError {
  return new SubagentError('io-failed', `the newest release cannot be told: ${why}`, { hint })
}
