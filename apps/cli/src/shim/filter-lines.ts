import { createMessageScanner, readHeads, type Head, type MessageScanner } from '@subagent-mcp/mcp-server'

/** A line that has ended. */
export type Line = {
  heads: readonly Head[]
  /** All of a whole one, with its end. */
  bytes(): Buffer
  /**
   * A long one was `streamed` to the other side while it came. One is `cut` whose other side went meanwhile: it has the
   * beginning alone.
   */
  came: 'whole' | 'streamed' | 'cut'
}

/** What becomes of lines. */
export type LineRules = {
  /** Whether a line goes on. One whose beginning went ahead of it does, whatever is said. */
  judge(line: Line): boolean
  /** Passes on what was let go on, in order. */
  pass(bytes: Buffer): void
  /** Whether the beginning of a long line may go ahead of its end. */
  mayStream(): boolean
}

/** Lines on their way from one side to the other: each goes on whole, without being copied, or not at all. */
export type LineFilter = {
  take(bytes: Buffer): void
  /** The beginning of a line that has not ended, which has not gone on. */
  rest(): Buffer
  /** The other side is gone. Whether the beginning of a line had gone to it, the rest of which is left out now. */
  cut(): boolean
}

/** The longest line that waits here for its end, in bytes: only a longer one can break in the middle. */
const longestKept = 1024 * 1024

/** Begins at the start of a line. */
export function filterLines({ judge, pass, mayStream }: LineRules): LineFilter {
  const scanner = createMessageScanner()
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
  /** Whether the line whose last piece this is goes on. */
  const end = (last: Buffer): boolean => {
    const pieces = [...kept, last]
    const isShort = state === 'keeps' && size <= longestKept
    const heads = isShort ? readHeads(joined(pieces)) : scanned(scanner, state === 'keeps' ? pieces : [last])
    const passes = judge({ heads, bytes: () => joined(pieces), came: cameBy[state] })
    const goesOn = state === 'streams' || (state === 'keeps' && passes)
    if (goesOn) letGo()
    ;[kept, size] = [[], 0]
    state = 'keeps'
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

/** Of a line that was not looked at yet, or the rest of one. */
function scanned({ scan, finish }: MessageScanner, pieces: readonly Buffer[]): readonly Head[] {
  pieces.forEach(scan)
  return finish()
}

const newline = 10
const empty = Buffer.alloc(0)
const cameBy = { keeps: 'whole', streams: 'streamed', skips: 'cut' } as const
