import {
  efforts,
  isTaskCategory,
  SubagentError,
  taskCategories,
  type Effort,
  type TaskCategory,
} from '@subagent-mcp/contract'
import { readRule, type Rule } from '@subagent-mcp/permissions'
import type { LaunchOrder } from './launch.js'

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
export function checkCategory(category: string | undefined): TaskCategory {
  if (category !== undefined && isTaskCategory(category)) return category
  const hint = `use one of ${Object.keys(taskCategories).join(', ')}; if none fits, split the work`
  const what = category === undefined ? 'neither task_category nor agent' : `no task_category '${category}'`
  throw new SubagentError('unknown-category', what, { hint })
}

/** @throws SubagentError `invalid-parameter` that names the text which is no rule */
export function checkAllowedTools(texts: readonly string[]): readonly Rule[] {
  return texts.map((text) => {
    const read = readRule(text)
    if (read.type === 'rule') return read.rule
    const hint = 'mend the rule, or leave it out'
    throw new SubagentError('invalid-parameter', `allowedTools: ${read.problem}`, { hint })
  })
}

/** @throws SubagentError for a launch that says beside a definition what the definition says. */
export function checkSole({ blueprint, ...order }: LaunchOrder): void {
  const said = (
    ['category', 'provider', 'prefer', 'model', 'effort', 'mcp', 'permissions', 'deadlock'] as const
  ).find((key) => order[key] !== undefined)
  if (blueprint === undefined || said === undefined) return
  throw new SubagentError('invalid-parameter', `${said} beside agent '${blueprint.name}'`, {
    hint: 'its definition says it: leave it out, or launch without agent',
  })
}

/** What a launch names instead of leaving it to the table. Which goes with which is the table's to say. */
export type Selector = { provider?: string; prefer?: string; model?: string; effort?: Effort }

/** @throws SubagentError for a provider or an effort that does not exist. */
export function checkSelector(
  { provider, prefer, model, effort }: Omit<Selector, 'effort'> & { effort?: string },
  providers: readonly string[],
): Selector {
  const unknown = [provider, prefer].find((name) => name !== undefined && !providers.includes(name))
  if (unknown !== undefined) {
    const hint = `use one of ${providers.join(', ')}`
    throw new SubagentError('unknown-provider', `no provider '${unknown}'`, { hint })
  }
  return {
    ...(provider !== undefined && { provider }),
    ...(prefer !== undefined && { prefer }),
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
