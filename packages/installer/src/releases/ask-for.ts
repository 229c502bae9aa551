import { SubagentError } from '@subagent-mcp/contract'
import type { Runner, Words } from './run-words.js'

/** How long a question about releases may take in all. */
export const askSeconds = 60

/** npm and pnpm would retry for 70 s where they are refused or find no address, and say only then what is wrong. */
const fewRetries = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '1000' }

/** What a command prints of a release. @throws SubagentError that says why it cannot be told, with this hint */
export async function askFor(words: Words, hint: string, run: Runner): Promise<string> {
  try {
    return (await run({ words, variables: fewRetries, seconds: askSeconds })).trim()
  } catch (cause) {
    if (cause instanceof SubagentError && cause.code === 'io-failed') throw cannotTell(cause.message, hint)
    throw cause
  }
}

/** The error of a source that gives no answer. */
export function cannotTell(why: string, hint: string): SubagentError {
  return new SubagentError('io-failed', `the newest release cannot be told: ${why}`, { hint })
}
