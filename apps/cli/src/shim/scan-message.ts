/** What a JSON-RPC message says at its top: a request has both, a notification a method, an answer an id. */
export type Head = {
  /** Canonical JSON text. */
  id?: string
  method?: string
}

/** Reads the heads of the messages of one line at a time, in pieces of any size. Neither keeps nor parses the rest. */
export type Scanner = {
  scan(piece: Buffer): void
  /** The heads in the line that ends here: several of a batch, none of a line that is no message. */
  finish(): readonly Head[]
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openBracket, closeBracket, openBrace, closeBrace] = [91, 93, 123, 125]

/** An id or a method that is longer is not read. */
const longestToken = 1_000

/** One pass over the bytes that allocates next to nothing: a line may be 100 MB long, and its id stand at the end. */
export function createScanner(): Scanner {
  let place = lineStart()
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
      place = lineStart()
      return heads
    },
  }
}

function lineStart() {
  return {
    depth: 0,
    /** How deep the members of a message are: one level deeper in a batch; 0 before the first bracket. */
    base: 0,
    inString: false,
    escaped: false,
    isKey: false,
    /** Whether what stands here is read: a key, or the value of one that we look for. */
    reads: false,
    key: '',
    token: '',
    id: '',
    method: '',
    heads: new Array<Head>(),
  }
}

type Place = ReturnType<typeof lineStart>

/**
 * Goes over what is inside of a value, which is nearly all of a message and not read. Returns where that ends, or the
 * end of the piece. It works on variables of its own: properties of an object take three times as long.
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
  place.id = place.method = ''
  beginKey(place)
}

function close(place: Place, byte: number): void {
  if (place.base > 0 && place.depth === place.base && byte === closeBrace) {
    endValue(place)
    place.heads.push(headOf(place))
  }
  place.depth -= 1
}

function inMessage(place: Place, byte: number): void {
  if (byte === colon && place.isKey) {
    place.key = place.token
    place.isKey = false
    place.reads = place.key === '"id"' || place.key === '"method"'
    place.token = ''
  } else if (byte === comma) {
    endValue(place)
    beginKey(place)
  } else if (place.reads && byte > 32) read(place, byte)
}

function beginKey(place: Place): void {
  place.key = place.token = ''
  place.isKey = place.reads = true
}

function endValue(place: Place): void {
  if (place.key === '"id"') place.id = place.token
  else if (place.key === '"method"') place.method = place.token
}

function read(place: Place, byte: number): void {
  place.token += String.fromCharCode(byte)
  if (place.token.length > longestToken) place.reads = false
}

function headOf({ id, method }: Place): Head {
  const [readId, readMethod] = [readToken(id), readToken(method)]
  return {
    ...((typeof readId === 'string' || typeof readId === 'number') && { id: JSON.stringify(readId) }),
    ...(typeof readMethod === 'string' && { method: readMethod }),
  }
}

/** Its bytes came as characters of their own. */
function readToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'latin1').toString())
  } catch {
    return undefined // There is none, or it is no JSON.
  }
}
