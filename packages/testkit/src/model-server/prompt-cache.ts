import { createHash } from 'node:crypto'
import { countTokens } from './dialects/usage.js'

/** Remembers prompts in blocks, as the real APIs do; returns the tokens of a prompt's longest known beginning. */
export type PromptCache = (prompt: string) => number

/** Creates an empty prompt cache. It keeps only hashes, so that a long test does not fill the memory. */
export function createPromptCache(): PromptCache {
  const known = new Set<string>()
  return (prompt) => {
    const beginnings = beginningsOf(prompt)
    const fresh = beginnings.findIndex((beginning) => !known.has(beginning))
    for (const beginning of beginnings) known.add(beginning)
    return countTokens(prompt.slice(0, (fresh === -1 ? beginnings.length : fresh) * blockLength))
  }
}

/** Returns one hash for each beginning of a prompt that consists of whole blocks. */
function beginningsOf(prompt: string): string[] {
  const hash = createHash('sha1')
  return Array.from({ length: Math.floor(prompt.length / blockLength) }, (_, index) => {
    hash.update(prompt.slice(index * blockLength, (index + 1) * blockLength))
    return hash.copy().digest('base64')
  })
}

const blockLength = 1024
