import type { Fact } from '@subagent-mcp/core'
import { formatClockTime } from '../terminal/format.js'
import { paintNothing } from '../terminal/paint.js'
import type { TextOutput } from '../terminal/terminal.js'
import { createTranscriptPrinter } from '../terminal/transcript/printer.js'
import type { PageLine } from './top-state.js'

/** The transcript of one agent as the lines of a page. */
export type TranscriptPage = {
  /** Adds a fact. The facts of the agent must come in order. */
  add(fact: Fact): Promise<void>
  /** Returns the newest lines, oldest first. */
  lines(): readonly PageLine[]
}

/** The most lines of a transcript that are kept; `subagent-mcp logs` prints all. */
const keptLines = 2_000
/** Breaks lines of more characters, because a model may make a line as long as it likes. */
const longLines = /.{1,4000}/gsu

/** Creates an empty transcript; `home` is the user's home folder. */
export function openTranscriptPage(home: string): TranscriptPage {
  let lines: PageLine[] = []
  const output = (tone: PageLine['tone']): TextOutput => ({
    print: (text) => {
      const [first = '', ...more] = text.split('\n')
      const last = lines.pop()
      // A line has the tone of its beginning.
      const joined = last && last.text !== '' ? { ...last, text: last.text + first } : { text: first, tone }
      lines.push(...shortLines(joined), ...more.flatMap((line) => shortLines({ text: line, tone })))
      if (lines.length > 2 * keptLines) lines = lines.slice(-keptLines)
      return Promise.resolve()
    },
    paint: paintNothing,
    size: () => undefined,
  })
  const style = { paint: paintNothing, stamp: (at: number) => `${formatClockTime(at)}  `, together: true }
  const printer = createTranscriptPrinter({ text: output('plain'), talk: output('dim'), home, style })
  return {
    add: (fact) => printer.print(fact),
    lines: () => (lines.at(-1)?.text === '' ? lines.slice(-keptLines, -1) : lines.slice(-keptLines)),
  }
}

function shortLines({ text, tone }: PageLine): PageLine[] {
  const parts = text.match(longLines) ?? ['']
  return parts.map((part) => ({ text: part, tone }))
}
