import { z } from 'zod'
import type { ServerTexts } from './list-tools.js'

const Parameter = z.looseObject({
  type: z.string().default(''),
  description: z.string().default(''),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
})
type Parameter = z.infer<typeof Parameter>

const ListedTool = z.looseObject({
  name: z.string(),
  title: z.string().default(''),
  description: z.string(),
  annotations: z.record(z.string(), z.boolean()).default({}),
  inputSchema: z.looseObject({
    properties: z.record(z.string(), Parameter).default({}),
    required: z.array(z.string()).default([]),
  }),
  outputSchema: z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) }).optional(),
})
type ListedTool = z.infer<typeof ListedTool>

/** Returns `docs/tools.md`: the tools and instructions that a host gets, for people. */
export function toolsPage({ instructions, tools }: ServerTexts): string {
  const listed = z.array(ListedTool).parse(tools)
  return [
    '# Tools',
    '',
    'What a host sees, word by word. Written by `node tooling/checks/dist/main.js --write` from what the server says:',
    'change a tool in `packages/mcp-server/src/tools/`, not here.',
    '',
    'Each answer has a text for a model, and data for a program (`structuredContent`) whose schema is in `tools/list`. Claude Code, Codex',
    'and Cursor get the text alone, because they would give their model the data in place of it. A client that follows MCP Tasks reads in the',
    'descriptions of `wait` and `invoke` that they run in the background. The descriptions are short, because hosts send them with each',
    'prompt; the name of a parameter leads to the page that explains it.',
    '',
    '`invoke`, `warmup`, `list` and `reset` are offered once an agent is [defined](usage.md#defined-agents), `chat` and `sync` once',
    'another agent is in the mailbox or a message waits. `"tools": "all"` in `~/.subagent-mcp/config.jsonc` offers all of them always.',
    '',
    `The server's instructions: *${instructions}*`,
    '',
    ...listed.flatMap(describeTool),
  ].join('\n')
}

function describeTool({ name, title, description, annotations, ...schemas }: ListedTool): string[] {
  const { inputSchema, outputSchema } = schemas
  const hints = Object.entries(annotations).flatMap(([hint, holds]) =>
    holds ? [hintWords[hint] ?? hint] : [],
  )
  return [
    `## ${name}`,
    '',
    ...(title ? [`*${title}*`, ''] : []),
    [description, ...(hints.length > 0 ? [`(Declared: ${hints.join(', ')}.)`] : [])].join(' '),
    '',
    ...describeParameters(inputSchema),
    '',
    ...(outputSchema ? [`Data: ${names(outputSchema.properties)}.`, ''] : []),
  ]
}

const hintWords: Readonly<Record<string, string>> = {
  readOnlyHint: 'only reads',
  destructiveHint: 'may change or end something',
  idempotentHint: 'a second call changes nothing more',
  openWorldHint: 'reaches beyond this machine',
}

function describeParameters({ properties, required }: ListedTool['inputSchema']): string[] {
  const rows = Object.entries(properties).map(([name, parameter]) => {
    const need = required.includes(name) ? 'required' : defaultWords(parameter)
    return `| ${[linked(name), takes(parameter), need, parameter.description].map(cell).join(' | ')} |`
  })
  if (rows.length === 0) return ['It takes no parameters.']
  return ['| parameter | takes | default | meaning |', '|---|---|---|---|', ...rows]
}

/** The pages that explain a parameter. Its description is short, because hosts send it with each prompt. */
const explanations: Readonly<Record<string, string>> = {
  accept: 'from-task-to-change.md#a-result-that-is-checked',
  account: 'from-task-to-change.md#several-accounts',
  agent: 'usage.md#defined-agents',
  budget: 'from-task-to-change.md#budgets-and-what-happens-at-a-limit',
  changes: 'usage.md#review-by-another-vendor',
  effort: 'usage.md#models-and-efforts',
  files: 'attachments.md',
  isolation: 'from-task-to-change.md#a-worktree-for-an-agent',
  model: 'usage.md#models-and-efforts',
  on_host_exit: 'lifecycle.md#the-daemon',
  on_limit: 'from-task-to-change.md#at-a-usage-limit',
  output_schema: 'from-task-to-change.md#a-typed-answer',
  permissions: 'permissions.md#presets',
  prefer: 'usage.md#who-gets-a-task',
  provider: 'usage.md#who-gets-a-task',
  request_id: 'lifecycle.md#an-agent',
  task_category: 'usage.md#who-gets-a-task',
}

function linked(name: string): string {
  const page = explanations[name]
  return page === undefined ? `\`${name}\`` : `[\`${name}\`](${page})`
}

function names(properties: object): string {
  return Object.keys(properties)
    .map((name) => `\`${name}\``)
    .join(', ')
}

function defaultWords({ default: value }: Parameter): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``
}

function takes({ type, enum: words, items, anyOf }: Parameter): string {
  if (anyOf) return anyOf.map((one) => takes(Parameter.parse(one))).join(' or ')
  if (words) return words.map((word) => `\`${word}\``).join(', ')
  if (type === 'array') return `list of ${takes(Parameter.parse(items))}s`
  return typeWords[type] ?? type
}

const typeWords: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false' }

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
