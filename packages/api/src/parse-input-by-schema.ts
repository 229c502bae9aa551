import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { isSubagentErrorCode } from './error-answer.js'

/**
 * Parses input with a schema, such as the arguments of a tool or the body of a request; `taker` names the tool or endpoint in
 * errors. @throws SubagentError that names the wrong parameter and the allowed ones, never a value that may be secret
 */
export function parseInputBySchema<Schema extends z.ZodObject>(
  taker: string,
  schema: Schema,
  raw: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const hint = `${taker} takes ${Object.keys(schema.shape).join(', ') || 'nothing'}`
  throw inputError(parsed.error, { taker, hint })
}

/** The words of an input error: the tool or endpoint, a hint, and how a parameter is named for its key. */
type Naming = { taker: string; hint: string; nameOf?: (key: string) => string }

/** Returns the first issue of a zod error as a SubagentError: with the code and hint that the schema sets, else with `hint`. */
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
  // The messages of our own schemas are whole sentences; those of zod need the name of the field before them.
  const { code, hint: own = hint } = Params.catch({}).parse(issue.params)
  return new SubagentError(
    code !== undefined && isSubagentErrorCode(code) ? code : 'invalid-parameter',
    message,
    {
      hint: own,
    },
  )
}

const Params = z.object({ code: z.string().optional(), hint: z.string().optional() })
