import {
  isTaskCategory,
  permissionPresets,
  SubagentError,
  taskCategories,
  type PermissionPreset,
} from '@subagent-mcp/contract'
import { notBeside, onlyWord, readWords, wrongUse } from '../../terminal/read-words.js'
import { providerFlags } from '../provider-flags.js'

/** What is to be done, and by whom: as a category's table has it, or an agent's definition. `-` as the prompt is stdin. */
export type RunOrder = {
  prompt: string
  agent?: string
  category?: string
  provider?: string
  prefer?: string
  model?: string
  effort?: string
  permissions?: PermissionPreset
  name?: string
  cwd?: string
  json: boolean
}

/** The flags of `run`. */
export const runFlags = {
  agent: {
    type: 'string',
    valueHint: 'name',
    description: 'A defined agent: subagent-mcp agents lists them',
  },
  category: {
    type: 'string',
    valueHint: 'name',
    description: 'What kind of task it is: decides who gets it',
  },
  ...providerFlags,
  effort: { type: 'string', valueHint: 'level', description: 'How hard the model thinks: low to max' },
  permissions: {
    type: 'string',
    valueHint: 'preset',
    description: 'What it may do without asking: read-only, ask, accept-edits or full-auto',
  },
  name: { type: 'string', valueHint: 'name', description: 'What to call the agent' },
  cwd: { type: 'string', valueHint: 'folder', description: 'Where it works; here without it' },
  json: { type: 'boolean', description: 'The agent and its answer as JSON, at the end' },
} as const

const usage =
  'subagent-mcp run "<prompt>"|- [--agent <name> | [--category <name>] [--provider <name> [--model <name> ' +
  '[--effort <level>]] | --prefer <name>] [--permissions <preset>]] [--name <name>] [--cwd <folder>] [--json]'

/** Reads the words after `run`. @throws SubagentError */
export function readRunOrder(words: readonly string[]): RunOrder {
  const { values, positionals } = readWords(words, runFlags, usage)
  const { json = false, permissions, ...rest } = values
  const order = {
    prompt: onlyWord(positionals, 'prompt', usage),
    json,
    ...rest,
    ...(permissions !== undefined && { permissions: readPreset(permissions) }),
  }
  checkOrder(order)
  return order.agent === undefined ? { category: 'fallback_default', ...order } : order
}

function readPreset(text: string): PermissionPreset {
  const preset = permissionPresets.find((name) => name === text)
  if (preset) return preset
  throw wrongUse(`--permissions is one of ${permissionPresets.join(', ')}, not '${text}'`, usage)
}

/** What the daemon would refuse in the words of its API, in those of the command line. */
function checkOrder(order: RunOrder): void {
  const { agent, category, provider, prefer, model, effort, name = '' } = order
  if (agent?.trim() === '') throw wrongUse('--agent is empty', usage)
  const surplus = said.find((key) => order[key] !== undefined)
  if (agent !== undefined && surplus !== undefined)
    throw wrongUse(`--${surplus} beside --agent: its definition says it`, usage)
  if (category !== undefined && !isTaskCategory(category)) {
    const hint = `use one of ${Object.keys(taskCategories).join(', ')}`
    throw new SubagentError('unknown-category', `--category '${category}' does not exist`, { hint })
  }
  if (prefer !== undefined) notBeside('prefer', { provider, model }, usage)
  if (model !== undefined && provider === undefined) throw wrongUse('--model needs --provider', usage)
  if (effort !== undefined && model === undefined) throw wrongUse('--effort needs --model', usage)
  if (name.length > longestName)
    throw wrongUse(`--name has ${name.length} characters, at most ${longestName}`, usage)
}

/** What a definition says. */
const said = ['category', 'provider', 'prefer', 'model', 'effort', 'permissions'] as const

/** As many characters as the daemon takes. */
const longestName = 80
