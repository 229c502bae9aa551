import { parseJson } from '@subagent-mcp/contract'
import {
  parseJSONRPCMessage,
  specTypeSchemas,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server'

/** A message in a client's line, or a refused part with the reason. */
export type ParsedMessage = { type: 'message'; message: JSONRPCMessage } | RefusedMessage

/** A part of a line that is refused, with the error answer; a refused response gets no answer. */
export type RefusedMessage = { type: 'refused'; problem: string; answer?: JsonRpcError }

/** A JSON-RPC error response. Its id is null if the id of the request is unknown or invalid. */
export type JsonRpcError = {
  jsonrpc: '2.0'
  id: RequestId | null
  error: { code: number; message: string }
}

/** The error codes of JSON-RPC, without -32000, because SDKs close the whole connection after that code. */
const codes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  invalidParams: -32_602,
  internalError: -32_603,
} as const

/**
 * Parses a line of JSON-RPC lazily. Each request in it is yielded, or refused with its own id, so that no client waits forever.
 * `takesBatches`: the protocol revision 2025-03-26, the only one with batches, was negotiated.
 */
export function* parseJsonRpcLine(line: string, takesBatches: boolean): Generator<ParsedMessage, undefined> {
  const value = parseJson(line)
  if (value === undefined) yield refuseMessage(null, 'parseError', 'the line is no JSON')
  else if (!Array.isArray(value)) yield readMessage(value)
  else if (takesBatches && value.length > 0) for (const item of value) yield readMessage(item)
  else yield* refuseBatch(value)
}

function* refuseBatch(items: readonly unknown[]): Generator<RefusedMessage, undefined> {
  let isAnswered = false
  for (const item of items) {
    const id = isResponse(item) ? null : idOf(item)
    if (id === null) continue
    isAnswered = true
    yield refuseMessage(id, 'invalidRequest', noBatch)
  }
  // Notifications have no id, and one answer to all of them is enough.
  if (!isAnswered)
    yield refuseMessage(null, 'invalidRequest', items.length > 0 ? noBatch : 'the batch is empty')
}

const noBatch = 'batches are not supported: send each message in a line of its own'

export function refuseMessage(
  id: RequestId | null,
  code: keyof typeof codes,
  problem: string,
): RefusedMessage {
  const answer = { jsonrpc: '2.0', id, error: { code: codes[code], message: problem } } as const
  return { type: 'refused', problem, answer }
}

/** Refuses a request with missing or wrong parameters. The SDK would answer it with an internal error of the server. */
export function refuseInvalidParams(message: JSONRPCMessage): RefusedMessage | undefined {
  if (!('method' in message) || !('id' in message)) return undefined
  const { id, method, params = {} } = message
  const { issues } = paramsOf.get(method)?.['~standard'].validate(params) ?? {}
  if (!issues) return undefined
  const wrong = issues.map(({ path = [] }) =>
    path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  )
  const names = [...new Set(wrong)].join(', ')
  return refuseMessage(id, 'invalidParams', `${method} has missing or wrong parameters: ${names}`)
}

const paramsOf = new Map<
  string,
  (typeof specTypeSchemas)['InitializeRequestParams' | 'PaginatedRequestParams' | 'GetPromptRequestParams']
>([
  ['initialize', specTypeSchemas.InitializeRequestParams],
  ['tools/list', specTypeSchemas.PaginatedRequestParams],
  ['prompts/list', specTypeSchemas.PaginatedRequestParams],
  ['prompts/get', specTypeSchemas.GetPromptRequestParams],
])

function readMessage(value: unknown): ParsedMessage {
  const problem = problemIn(value)
  if (problem === undefined) {
    try {
      return { type: 'message', message: parseJSONRPCMessage(value) }
    } catch {
      // A message without a problem here has a wrong field that only the SDK's schema checks.
    }
  }
  const why = problem ?? 'it has a field that JSON-RPC or MCP does not allow there'
  if (isResponse(value)) return { type: 'refused', problem: `a response was left out: ${why}` }
  return refuseMessage(idOf(value), 'invalidRequest', `this is no valid request: ${why}`)
}

function problemIn(value: unknown): string | undefined {
  if (!isObject(value)) return 'it is no object'
  const [jsonrpc, method, params] = ['jsonrpc', 'method', 'params'].map((name) => memberOf(value, name))
  if (jsonrpc !== '2.0') return 'its jsonrpc is not "2.0"'
  if ('id' in value && !isId(value.id)) return 'its id is neither a string nor an integer'
  if (isResponse(value)) return undefined
  if (typeof method !== 'string') return 'its method is no string'
  if (params !== undefined && (!isObject(params) || Array.isArray(params))) return 'its params are no object'
  return undefined
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || Number.isSafeInteger(id)
}

/** Whether a value is a JSON-RPC response. An invalid response gets no error answer, because the client could answer that error in turn. */
function isResponse(value: unknown): boolean {
  return isObject(value) && !('method' in value) && ('result' in value || 'error' in value)
}

/** The id of a request, for its error answer. A fraction is kept, although MCP does not allow it. */
function idOf(value: unknown): RequestId | null {
  const id = memberOf(value, 'id')
  return typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}
