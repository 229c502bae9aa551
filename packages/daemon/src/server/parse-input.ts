import { SubagentError } from '@subagent-mcp/contract'
import type { z } from 'zod'

/** Parses a part of a request. @throws SubagentError that names the key and what the part takes, never a value. */
export function parseInput<Schema extends z.ZodObject>(
  part: string,
  schema: Schema,
  raw: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const keys = Object.keys(schema.shape).join(', ')
  const hint = `${part} takes ${keys || 'nothing'}`
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.')
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => [place, key].filter(Boolean).join('.')).join(', ')
    throw new SubagentError('unknown-parameter', `${part} has no ${names}`, { hint })
  }
  throw new SubagentError('invalid-parameter', `${place || part}: ${issue?.message ?? 'not understood'}`, {
    hint,
  })
}
