import { SubagentError } from '@subagent-mcp/contract'
import type { z } from 'zod'

/** Parses a call's arguments. @throws SubagentError that names the parameter and what the tool takes. */
export function parseInput<Shape extends z.ZodRawShape>(
  tool: string,
  schema: z.ZodObject<Shape>,
  raw: unknown,
): z.infer<z.ZodObject<Shape>> {
  const parsed = schema.safeParse(raw ?? {})
  if (parsed.success) return parsed.data
  const hint = `${tool} takes ${Object.keys(schema.shape).join(', ')}`
  const [issue] = parsed.error.issues
  if (issue?.code === 'unrecognized_keys') {
    throw new SubagentError('unknown-parameter', `${tool} has no parameter ${issue.keys.join(', ')}`, {
      hint,
    })
  }
  const name = issue?.path.join('.') || 'arguments'
  throw new SubagentError('invalid-parameter', `${name}: ${issue?.message ?? 'not understood'}`, { hint })
}
