/** The id and method of a JSON-RPC message: a request has both, a notification a method, an answer an id. */
export type JsonRpcHead = {
  /** The id of the message, as canonical JSON text. */
  id?: string
  method?: string
}

/** Reads id and method of each message in a line: several for a batch, none for a line that is no message. */
export function readRpcHeads(line: Buffer): readonly JsonRpcHead[] {
  try {
    const message: unknown = JSON.parse(line.toString())
    return [message].flat().filter(isObject).map(headOf)
  } catch {
    return [] // It is no JSON: the daemon says so.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function headOf(message: object): JsonRpcHead {
  const [id, method] = ['id', 'method'].map((name): unknown => Reflect.get(message, name))
  return {
    ...((typeof id === 'string' || typeof id === 'number') && { id: JSON.stringify(id) }),
    ...(typeof method === 'string' && { method }),
  }
}

/**
 * Reads id and method of each message in a line that is too long to keep, in pieces of any size. Short lines are parsed as JSON
 * instead, because a hot loop over bytes costs 5 MB in Node's compiler.
 */
export type JsonRpcHeadScanner = {
  scan(piece: Buffer): void
  /** Returns the id and method of each message in the line, which ends here. */
  finish(): readonly JsonRpcHead[]
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125]

/** The longest id or method, in bytes; longer ones are ignored. */
const longestToken = 1_000

/** Creates a scanner that passes over the bytes once, because a line may have 100 MB and its id at the end. */
export function createJsonRpcHeadScanner(): JsonRpcHeadScanner {
  const place = createPlace()
  return {
    scan: (piece) => {
      let at = 0
      while (at < piece.length) {
        if (place.depth > place.base) at = skipInner(place, piece, at)
        else {
          scanByte(place, piece[at] ?? 0)
          at += 1
        }
      }
    },
    finish: () => {
      const { heads } = place
      if (heads.length > 0) place.heads = []
      place.depth = place.base = place.length = 0
      place.inString = place.escaped = place.isKey = place.reads = false
      return heads
    },
  }
}

function createPlace() {
  return {
    depth: 0,
    /** The nesting depth of a message's members: 0 before the first bracket, one deeper in a batch. */
    base: 0,
    inString: false,
    escaped: false,
    isKey: false,
    /** Whether the characters of the current token are kept: keys, and the values of `id` and `method`. */
    reads: false,
    /** The key of the current value, if the key is `id` or `method`. */
    key: none,
    /** The first `length` bytes of the current key or value. */
    token: Buffer.alloc(longestToken),
    length: 0,
    id: none,
    method: none,
    heads: new Array<JsonRpcHead>(),
  }
}

const none: string | undefined = undefined
const [idKey, methodKey] = [Buffer.from('"id"'), Buffer.from('"method"')]

type Place = ReturnType<typeof createPlace>

/**
 * Skips the inside of a value, which is most of a message. Returns the index after it, or the end of the piece. Uses local
 * variables, because properties of an object take three times as long.
 */
function skipInner(place: Place, piece: Buffer, from: number): number {
  let { depth, inString, escaped } = place
  let at = from
  for (; at < piece.length && depth > place.base; at += 1) {
    const byte = piece[at]
    if (inString) {
      if (escaped) escaped = false
      else if (byte === backslash) escaped = true
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) depth -= 1
  }
  Object.assign(place, { depth, inString, escaped })
  return at
}

function scanByte(place: Place, byte: number): void {
  if (place.inString) inText(place, byte)
  else outside(place, byte)
}

function inText(place: Place, byte: number): void {
  if (place.escaped) place.escaped = false
  else if (byte === backslash) place.escaped = true
  else if (byte === quote) place.inString = false
  if (place.reads) read(place, byte)
}

function outside(place: Place, byte: number): void {
  if (byte === openBrace || byte === openBracket) open(place, byte)
  else if (byte === closeBrace || byte === closeBracket) close(place, byte)
  else {
    if (byte === quote) place.inString = true
    if (place.depth === place.base) inMessage(place, byte)
  }
}

function open(place: Place, byte: number): void {
  place.depth += 1
  if (place.base === 0) place.base = byte === openBracket ? 2 : 1
  if (place.depth !== place.base || byte !== openBrace) return
  place.id = place.method = undefined
  beginKey(place)
}

function close(place: Place, byte: number): void {
  if (place.base > 0 && place.depth === place.base && byte === closeBrace) {
    endValue(place)
    place.heads.push(headOf({ id: readToken(place.id), method: readToken(place.method) }))
  }
  place.depth -= 1
}

function inMessage(place: Place, byte: number): void {
  if (byte === colon && place.isKey) {
    place.key = isToken(place, idKey) ? 'id' : isToken(place, methodKey) ? 'method' : undefined
    place.isKey = false
    place.reads = place.key !== undefined
    place.length = 0
  } else if (byte === comma) {
    endValue(place)
    beginKey(place)
  } else if (place.reads && byte > 32) read(place, byte)
}

function isToken({ token, length }: Place, bytes: Buffer): boolean {
  return length === bytes.length && token.compare(bytes, 0, length, 0, length) === 0
}

function beginKey(place: Place): void {
  place.key = undefined
  place.length = 0
  place.isKey = place.reads = true
}

function endValue(place: Place): void {
  if (place.key === undefined) return
  const text = place.token.toString('utf8', 0, place.length)
  if (place.key === 'id') place.id = text
  else place.method = text
}

function read(place: Place, byte: number): void {
  if (place.length < longestToken) place.token[place.length] = byte
  else place.reads = false
  place.length += 1
}

function readToken(token: string | undefined): unknown {
  try {
    return token === undefined ? undefined : JSON.parse(token)
  } catch {
    return undefined // It is no JSON, or too long.
  }
}
