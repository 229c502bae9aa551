import { isTaskCategory, SubagentError, taskCategories, type TaskCategory } from '@subagent-mcp/contract'
import { parseArgs } from 'node:util'

/** What is to be shown, and how. Without a category it is all of them; `explained` adds the reasons. */
export type RoutesOrder = { category?: TaskCategory; explained: boolean; json: boolean }

/** Reads the words after `routes`: citty would pass by what it does not know. @throws SubagentError */
export function readRoutesOrder(words: readonly string[]): RoutesOrder {
  const { values, positionals } = parse(words)
  const [category, surplus] = [...positionals, ...(values.explain === undefined ? [] : [values.explain])]
  if (surplus !== undefined) throw wrongUse(`there is a '${surplus}' too many`)
  return {
    explained: values.explain !== undefined,
    json: values.json === true,
    ...(category !== undefined && { category: checkCategory(category) }),
  }
}

const options = { json: { type: 'boolean' }, explain: { type: 'string' } } as const

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (cause) {
    // Node's words for a wrong use; anything else is a bug.
    if (!(cause instanceof TypeError)) throw cause
    throw wrongUse(cause.message.split('. ')[0] ?? cause.message)
  }
}

function checkCategory(category: string): TaskCategory {
  if (isTaskCategory(category)) return category
  const hint = `use one of ${Object.keys(taskCategories).join(', ')}`
  throw new SubagentError('unknown-category', `no category '${category}'`, { hint })
}

function wrongUse(message: string): SubagentError {
  const hint = 'subagent-mcp routes [category] [--json], or routes --explain <category>'
  return new SubagentError('unknown-parameter', message, { hint })
}
