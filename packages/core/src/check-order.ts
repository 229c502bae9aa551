import {
  efforts,
  isTaskCategory,
  SubagentError,
  taskCategories,
  type Effort,
  type TaskCategory,
} from '@subagent-mcp/contract'

/** The longest message to an agent, in characters: more than any model's context holds. */
const longestMessage = 4_000_000

/** @throws SubagentError for a message that no agent could take. */
export function checkMessage(parameter: string, text: string): void {
  if (text.trim() === '')
    throw new SubagentError('invalid-parameter', `${parameter} is empty`, { hint: 'say what to do' })
  if (text.length <= longestMessage) return
  throw new SubagentError(
    'invalid-parameter',
    `${parameter} has ${text.length} characters, at most ${longestMessage}`,
    { hint: 'write it to a file and name the file' },
  )
}

/** @throws SubagentError `unknown-category` that names the fifteen. */
export function checkCategory(category: string): TaskCategory {
  if (isTaskCategory(category)) return category
  const hint = `use one of ${Object.keys(taskCategories).join(', ')}; if none fits, split the work`
  throw new SubagentError('unknown-category', `no task_category '${category}'`, { hint })
}

/** What a launch names instead of leaving it to the table. Which goes with which is the table's to say. */
export type Selector = { provider?: string; model?: string; effort?: Effort }

/** @throws SubagentError for a provider or an effort that does not exist. */
export function checkSelector(
  { provider, model, effort }: { provider?: string; model?: string; effort?: string },
  providers: readonly string[],
): Selector {
  if (provider !== undefined && !providers.includes(provider)) {
    const hint = `use one of ${providers.join(', ')}`
    throw new SubagentError('unknown-provider', `no provider '${provider}'`, { hint })
  }
  return {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
    ...(effort !== undefined && { effort: checkEffort(effort) }),
  }
}

function checkEffort(effort: string): Effort {
  const known = efforts.find((name) => name === effort)
  if (known) return known
  throw new SubagentError('invalid-parameter', `no effort '${effort}'`, {
    hint: `use one of ${efforts.join(', ')}`,
  })
}
