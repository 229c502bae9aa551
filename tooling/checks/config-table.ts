import { z } from 'zod'

/** The part of a JSON Schema that the configuration uses. */
const Schema = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  get items() {
    return Schema.optional()
  },
  get anyOf() {
    return z.array(Schema).optional()
  },
  get properties() {
    return z.record(z.string(), Schema).optional()
  },
  get additionalProperties() {
    return z.union([z.literal(false), Schema]).optional()
  },
})
type Schema = z.infer<typeof Schema>

/** Returns the Markdown table of every key of `config.jsonc`. `schema` is the content of `dist/config.schema.json`. */
export function configTable(schema: unknown): string {
  const keys = listKeys('', Schema.parse(schema))
  return ['| key | takes | default | meaning |', '|---|---|---|---|', ...keys.map(row)].join('\n')
}

/** Where a page says more about a key. */
const furtherReading: Readonly<Record<string, string>> = {
  acpAgents: 'permissions.md#what-a-repository-can-hold',
  accounts: 'from-task-to-change.md#several-accounts',
  'budgets.day': 'from-task-to-change.md#budgets-and-what-happens-at-a-limit',
  'checks.minutes': 'from-task-to-change.md#a-result-that-is-checked',
  'daemon.port': 'http.md',
  'mailbox.url': 'fleet.md',
  'notify.desktop': '#notices',
  'permissions.deny': 'permissions.md#rules',
  'permissions.unanswered': 'questions.md#a-question-that-nobody-answers',
  'pool.max': 'usage.md#defined-agents',
  tools: 'tools.md',
  'wake.codex': 'hosts.md#codex-a-message-that-wakes',
  'wake.maxTurns': 'hosts.md#claude-code-how-many-turns-may-begin-by-themselves',
  'worktree.projects': 'from-task-to-change.md#a-worktree-for-an-agent',
}

type Key = { path: string; schema: Schema }

/**
 * Lists the keys below a schema, by their path: `limits.maxTurns`, `acpAgents[].id`, `accounts.<name>.folder`. An object that only groups
 * keys is none itself.
 */
function listKeys(path: string, schema: Schema): Key[] {
  const { properties, additionalProperties: values, items, anyOf = [] } = schema
  const own = path === '' || (properties && schema.description === '') ? [] : [{ path, schema }]
  const inner = Object.entries(properties ?? {}).flatMap(([name, value]) =>
    listKeys(path === '' ? name : `${path}.${name}`, value),
  )
  const parts = [
    ...(values ? [{ path: `${path}.<name>`, value: values }] : []),
    ...(items ? [{ path: `${path}[]`, value: items }] : []),
    ...anyOf.map((value) => ({ path, value })),
  ]
  const nested = parts.flatMap((part) => listKeys(part.path, part.value).filter(isDescribed))
  return [...own, ...inner, ...nested]
}

function isDescribed({ schema }: Key): boolean {
  return schema.description !== ''
}

function row({ path, schema }: Key): string {
  if (schema.description === '')
    throw new Error(`the key ${path} of config.jsonc has no description in its schema`)
  const link = furtherReading[path]
  const meaning = [codeOf(schema.description), ...(link === undefined ? [] : [`[More](${link})`])].join(' ')
  return `| ${[`\`${path}\``, takes(schema), defaultWords(schema), meaning].map(cell).join(' | ')} |`
}

function takes(schema: Schema): string {
  const { type, enum: words, items, anyOf, additionalProperties: values } = schema
  if (anyOf) return [...new Set(anyOf.map(takes))].join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (items) return items.properties ? 'list of objects' : `list: ${takes(items)}`
  if (values) return values.properties ? 'object by name' : `by name: ${takes(values)}`
  return typeWords[type ?? ''] ?? type ?? ''
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'whole number',
}

function defaultWords({ default: value }: Schema): string {
  const isEmpty = value === undefined || ['[]', '{}'].includes(JSON.stringify(value))
  return isEmpty ? '–' : `\`${JSON.stringify(value).replaceAll('"', '')}\``
}

/** Writes JSON examples as code, and escapes asterisks outside of code. */
function codeOf(text: string): string {
  const withCode = text.replace(/[[{]+"[^]*[\]}]/g, '`$&`')
  return withCode.replaceAll(/`[^`]*`|\*/g, (part) => (part === '*' ? '\\*' : part))
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
