import { isTaskCategory, SubagentError, taskCategories, type TaskCategory } from '@subagent-mcp/contract'
import { noWord, readWords } from '../../terminal/read-words.js'

/** What is to be shown, and how. Without a category it is all of them; `explained` adds the reasons. */
export type RoutesOrder = { category?: TaskCategory; explained: boolean; json: boolean }

/** The flags of `routes`. */
export const routesFlags = {
  json: { type: 'boolean', description: 'The same as JSON' },
  explain: { type: 'string', valueHint: 'category', description: 'Each candidate with its reason' },
} as const

const usage = 'subagent-mcp routes [category] [--json], or routes --explain <category>'

/** Reads the words after `routes`. @throws SubagentError */
export function readRoutesOrder(words: readonly string[]): RoutesOrder {
  const { values, positionals } = readWords(words, routesFlags, usage)
  const { json = false, explain } = values
  const [category, ...surplus] = [...positionals, ...(explain === undefined ? [] : [explain])]
  noWord(surplus, usage)
  return {
    explained: explain !== undefined,
    json,
    ...(category !== undefined && { category: checkCategory(category) }),
  }
}

function checkCategory(category: string): TaskCategory {
  if (isTaskCategory(category)) return category
  const hint = `use one of ${Object.keys(taskCategories).join(', ')}`
  throw new SubagentError('unknown-category', `no category '${category}'`, { hint })
}
