import { z } from 'zod'
import type { ThreadItem } from './wire.js'

/** A tool call of Codex; `failed` and `output` hold once it has ended. */
export type CodexToolCall = { tool: string; input: unknown; failed: boolean; output: string }

const text = z.string().catch('')
const status = z.string().catch('')

const Tool = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('commandExecution'),
    command: text,
    cwd: text,
    status,
    aggregatedOutput: z.string().optional().catch(undefined),
  }),
  z.looseObject({
    type: z.literal('fileChange'),
    changes: z.array(z.looseObject({ path: text })).catch([]),
    status,
  }),
  z.looseObject({
    type: z.literal('mcpToolCall'),
    server: text,
    tool: text,
    arguments: z.unknown().optional(),
    status,
    result: z.looseObject({ content: z.unknown().optional() }).optional().catch(undefined),
    error: z.looseObject({ message: text }).optional().catch(undefined),
  }),
  z.looseObject({ type: z.literal('webSearch'), query: text }),
  z.looseObject({ type: z.literal('imageView'), path: text }),
])

const TextParts = z
  .array(
    z.looseObject({ type: z.literal('text'), text: z.string() }).or(z.unknown().transform(() => undefined)),
  )
  .catch([])

export function readCodexToolCall(item: ThreadItem): CodexToolCall | undefined {
  const parsed = Tool.safeParse(item)
  if (!parsed.success) return undefined
  const tool = parsed.data
  switch (tool.type) {
    case 'commandExecution': {
      const { command, cwd } = tool
      return {
        tool: 'exec_command',
        input: { command, cwd },
        output: tool.aggregatedOutput ?? '',
        ...failure(tool),
      }
    }
    case 'fileChange': {
      const output = tool.changes.map(({ path }) => path).join('\n')
      return { tool: 'apply_patch', input: tool.changes, output, ...failure(tool) }
    }
    case 'mcpToolCall':
      return {
        tool: formatMcpToolName(tool.server, tool.tool),
        input: tool.arguments,
        output: tool.error?.message ?? textOf(tool.result?.content),
        ...failure(tool),
      }
    case 'webSearch':
      return { tool: 'web_search', input: { query: tool.query }, failed: false, output: '' }
    case 'imageView':
      return { tool: 'view_image', input: { path: tool.path }, failed: false, output: '' }
  }
}

export function formatMcpToolName(server: string, tool: string): string {
  return `mcp__${server}__${tool}`
}

function failure({ status }: { status: string }): { failed: boolean } {
  return { failed: status !== 'completed' }
}

function textOf(content: unknown): string {
  return TextParts.parse(content)
    .flatMap((part) => (part === undefined ? [] : [part.text]))
    .join('\n')
}
