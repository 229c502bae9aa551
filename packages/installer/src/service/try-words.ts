import { SubagentError } from '@subagent-mcp/contract'
import type { Runner, Words } from '../releases/run-words.js'

/** What came of commands that were run in turn: the first that fails is the last. */
export type Tried =
  | { type: 'done'; printed: string }
  /** There is no such program here. */
  | { type: 'missing' }
  | { type: 'failed'; why: string }

/** Runs commands of the system in turn. */
export async function tryWords(all: readonly Words[], run: Runner): Promise<Tried> {
  let printed = ''
  try {
    for (const words of all) printed += await run({ words, seconds: limitSeconds })
    return { type: 'done', printed }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return error.code === 'not-installed' ? { type: 'missing' } : { type: 'failed', why: error.message }
  }
}

/** A daemon that is stopped by it may let its turns end first. */
const limitSeconds = 120
