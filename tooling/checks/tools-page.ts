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
    'The answer of each tool is a text for a model, and data for a program (`structuredContent`), with the schema that `tools/list`',
    'has. Claude Code, Codex and Cursor get the text alone, because they would give their model the data in its place. A client that',
    'follows MCP Tasks reads of `wait` and `invoke` that they run in the background.',
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
    return `| ${[`\`${name}\``, takes(parameter), need, parameter.description].map(cell).join(' | ')} |`
  })
  if (rows.length === 0) return ['It takes no parameters.']
  return ['| parameter | takes | without it | meaning |', '|---|---|---|---|', ...rows]
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
