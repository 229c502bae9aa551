import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { isErrorCode } from './error-answer.js'

/**
 * Parses what a caller gave, such as the arguments of a tool or the body of a request; `taker` names that in errors.
 * @throws SubagentError that names the parameter and what the taker takes, never a value that may be secret
 */
export function parseInput<Schema extends z.ZodObject>(
  taker: string,
  schema: Schema,
  raw: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const hint = `${taker} takes ${Object.keys(schema.shape).join(', ') || 'nothing'}`
  throw inputError(parsed.error, { taker, hint })
}

/** The words of an input error: who takes the input, a hint, and the parameter's name from its key. */
type Naming = { taker: string; hint: string; nameOf?: (key: string) => string }

/** The first issue of a schema as an error: with its own code and hint where the schema says them, else with `hint`. */
function inputError(
  { issues: [issue] }: z.ZodError,
  { taker, hint, nameOf = (key) => key }: Naming,
): SubagentError {
  const place = issue?.path.map((key) => nameOf(String(key))).join('.')
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => [place, key].filter(Boolean).join('.')).join(', ')
    return new SubagentError('unknown-parameter', `${taker} has no parameter ${names}`, { hint })
  }
  const message = issue?.message ?? 'not understood'
  if (issue?.code !== 'custom')
    return new SubagentError('invalid-parameter', `${place || taker}: ${message}`, { hint })
  // A message of ours is a whole sentence.
  const { code, hint: own = hint } = Params.catch({}).parse(issue.params)
  return new SubagentError(code !== undefined && isErrorCode(code) ? code : 'invalid-parameter', message, {
    hint: own,
  })
}

const Params = z.object({ code: z.string().optional(), hint: z.string().optional() })
