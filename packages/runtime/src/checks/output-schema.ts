import { once, parseJson, SubagentError, type JsonSchema } from '@subagent-mcp/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { runInNewContext } from 'node:vm'

/** The comparison of an answer with a schema: the answer as JSON alone, or what does not match, one line each. */
export type OutputSchemaMatch = { json: string } | { problems: readonly string[] }

/**
 * Checks a schema for answers of agents.
 * @throws SubagentError `invalid-parameter` for a schema that is not valid JSON Schema 2020-12, or that names another document
 */
export function compileOutputSchema(schema: JsonSchema): void {
  compile(schema)
}

/** Compares an answer with a schema. The answer is JSON, or has JSON in its only code block. */
export function matchOutputSchema(schema: JsonSchema, answer: string): OutputSchemaMatch {
  const blocks = [...answer.matchAll(/^```(?:json)?[ \t]*\n([\s\S]*?)\n```[ \t]*$/gm)]
  const json = ((blocks.length === 1 && blocks[0]?.[1]) || answer).trim()
  const value = parseJson(json)
  if (value === undefined) return { problems: ['the answer is not JSON'] }
  const validate = compile(schema)
  const isValid = withinLimit('compare the answer with it', () => validate(value))
  return isValid ? { json } : { problems: problemsOf(validate.errors ?? []) }
}

type Validate = ((value: unknown) => boolean) & { errors?: readonly SchemaError[] | null }
type SchemaError = { instancePath: string; message?: string; params: Readonly<Record<string, unknown>> }

/** The schema of schemas is compiled once, because that takes most of the time. */
const metaSchema = once(() => new Ajv2020({ strict: false, validateFormats: false, logger: false }))

function compile(schema: JsonSchema): Validate {
  try {
    const meta = metaSchema()
    if (meta.validateSchema(schema) !== true)
      throw schemaError(meta.errorsText(meta.errors, { dataVar: 'schema' }))
    // Other keywords and formats are comments, as the specification says. A schema cannot refer to that of another launch.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, allErrors: true })
    return withinLimit('compile it', () => ajv.compile(schema))
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    throw schemaError(cause instanceof Error ? cause.message : String(cause))
  }
}

/** The most milliseconds for which a schema may keep the daemon busy: a pattern in it can take years for some answers. */
const limitMs = 2_000

/** Runs a function, and interrupts it after the time limit, also within a regular expression. */
function withinLimit<Result>(what: string, run: () => Result): Result {
  let result: { value: Result } | undefined
  try {
    runInNewContext('run()', { run: () => void (result = { value: run() }) }, { timeout: limitMs })
  } catch (cause) {
    if (!isTimeout(cause)) throw cause
  }
  if (!result) throw schemaError(`it took longer than ${limitMs} ms to ${what}`)
  return result.value
}

/**
 * Whether an error says that a script reached its time limit. The error comes from the script's own context, so `instanceof
 * Error` is false for it.
 */
function isTimeout(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false
  return 'code' in cause && cause.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}

function schemaError(why: string): SubagentError {
  const hint = 'give a JSON Schema of 2020-12 in one document, as in {"type": "object", "properties": {…}}'
  return new SubagentError('invalid-parameter', `output_schema: ${why}`, { hint })
}

/** The most mismatches of an answer that are reported. */
const shownProblems = 10

function problemsOf(errors: readonly SchemaError[]): readonly string[] {
  const lines = [...new Set(errors.map(problemOf))]
  const others = lines.length - shownProblems
  return others > 0 ? [...lines.slice(0, shownProblems), `and ${others} more`] : lines
}

/** Describes an error: the place in the answer as a JSON pointer, and what is wrong there. */
function problemOf({ instancePath, message = 'does not match', params }: SchemaError): string {
  const place = instancePath === '' ? 'the answer' : instancePath
  const { allowedValues, additionalProperty, allowedValue } = params
  const detail = [additionalProperty, allowedValue ?? allowedValues].find((given) => given !== undefined)
  const text = `${place} ${message}${detail === undefined ? '' : `: ${JSON.stringify(detail)}`}`
  return text.length > longestProblem ? `${text.slice(0, longestProblem).toWellFormed()}…` : text
}

const longestProblem = 300
