import {
  createJsonRpcHeadScanner,
  readRpcHeads,
  type JsonRpcHead,
  type JsonRpcHeadScanner,
} from '@subagent-mcp/mcp-server'

/** A complete line of JSON-RPC messages. */
export type JsonRpcLine = {
  heads: readonly JsonRpcHead[]
  /** The bytes of a `whole` line, with its line break. */
  bytes(): Buffer
  /**
   * How the line came. `streamed`: its beginning was passed on before its end arrived. `cut`: the receiver went away after
   * that, so it has only the beginning.
   */
  came: 'whole' | 'streamed' | 'cut'
}

export type JsonRpcLineRules = {
  /** Whether a line is passed on. A `streamed` line is passed on in any case. */
  judge(line: JsonRpcLine): boolean
  /** Receives the bytes of the lines that are passed on, in order. */
  pass(bytes: Buffer): void
  /** Whether the beginning of a long line may be passed on before its end has arrived. */
  mayStream(): boolean
}

/** Splits a stream into lines and passes each on without copying it, or drops it. */
export type JsonRpcLineFilter = {
  take(bytes: Buffer): void
  /** The kept beginning of an unfinished line. */
  rest(): Buffer
  /** Handles the loss of the receiver. Returns whether the receiver got the beginning of an unfinished line, whose rest is dropped. */
  cut(): boolean
}

/** The longest line that the shim keeps in memory, in bytes. Longer lines are streamed; only these can be cut in the middle. */
const longestKept = 1024 * 1024

/** Creates a filter for the lines of a stream that begins with a new line. */
export function createJsonRpcLineFilter({ judge, pass, mayStream }: JsonRpcLineRules): JsonRpcLineFilter {
  const scanner = createJsonRpcHeadScanner()
  let [kept, size]: [Buffer[], number] = [[], 0]
  let state: keyof typeof cameBy = 'keeps'

  const letGo = (): void => {
    kept.forEach(pass)
    ;[kept, size] = [[], 0]
  }
  const keep = (piece: Buffer): void => {
    if (state !== 'keeps') scanner.scan(piece)
    if (state === 'skips') return
    kept.push(piece)
    size += piece.length
    if (state === 'keeps' && size > longestKept && mayStream()) {
      state = 'streams'
      kept.forEach(scanner.scan)
    }
    if (state === 'streams') letGo()
  }
  /** Ends the present line with its last piece, and returns whether the filter passed the line on. */
  const end = (last: Buffer): boolean => {
    const pieces = [...kept, last]
    const unscanned = state === 'keeps' ? pieces : [last]
    const isShort = state === 'keeps' && size <= longestKept
    const heads = isShort ? readRpcHeads(joined(pieces)) : scanned(scanner, unscanned)
    const passes = judge({ heads, bytes: () => joined(pieces), came: cameBy[state] })
    const goesOn = state === 'streams' || (state === 'keeps' && passes)
    if (goesOn) letGo()
    ;[kept, size, state] = [[], 0, 'keeps']
    return goesOn
  }
  return {
    take: (bytes) => {
      let [start, from] = [0, 0]
      for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, start)) {
        const next = at + 1
        if (!end(bytes.subarray(start, next))) {
          if (start > from) pass(bytes.subarray(from, start))
          from = next
        }
        start = next
      }
      if (start > from) pass(bytes.subarray(from, start))
      if (start < bytes.length) keep(bytes.subarray(start))
    },
    rest: () => joined(kept),
    cut: () => (state = state === 'streams' ? 'skips' : state) === 'skips',
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only = empty, ...others] = pieces
  return others.length > 0 ? Buffer.concat(pieces) : only
}

/** Scans the pieces of a long line, and returns the heads of its messages. */
function scanned({ scan, finish }: JsonRpcHeadScanner, pieces: readonly Buffer[]): readonly JsonRpcHead[] {
  pieces.forEach(scan)
  return finish()
}

const newline = 10
const empty = Buffer.alloc(0)
const cameBy = { keeps: 'whole', streams: 'streamed', skips: 'cut' } as const
