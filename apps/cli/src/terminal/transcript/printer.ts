import { isDecidedByPolicy, type Fact } from '@subagent-mcp/core'
import { paintNothing } from '../paint.js'
import type { TextOutput } from '../terminal.js'
import {
  endUnfinishedLines,
  initialTranscriptCursor,
  layOutTranscriptEntry,
  type TranscriptStyle,
  type RenderedEntry,
} from './cursor.js'
import {
  createEmptyTranscript,
  type TranscriptEntry,
  type TranscriptStep,
  type TranscriptState,
} from './entry.js'
import { initialMarkdownState, renderMarkdown } from './markdown.js'
import { transcribeSessionEvent, transcribePolicyAnswer } from './event-entries.js'
import { transcribeRequestFact } from './request-entries.js'

/** Prints the transcript of one agent from its facts, which must come in order. */
export type TranscriptPrinter = {
  /** Prints the transcript entries of a fact, except those of the type `omitted`. */
  print(fact: Fact, omitted?: TranscriptEntry['type']): Promise<void>
  /** Records a fact without printing it, because the person sees it in another way. */
  skip(fact: Fact): void
  /** Ends an unfinished line of the transcript, so that other output begins on a new one. */
  endLine(): Promise<void>
}

/**
 * Text of the model goes to `text`, everything else to `talk`. Without `text`, text of the model is not printed. On a terminal
 * with colours its Markdown is rendered; elsewhere it is printed as it is.
 */
export type PrinterOptions = {
  text: TextOutput | undefined
  talk: TextOutput
  home: string
  style: TranscriptStyle
}

/** Creates the printer of a transcript that has no fact yet. */
export function createTranscriptPrinter({ text, talk, home, style }: PrinterOptions): TranscriptPrinter {
  let state = createEmptyTranscript(home)
  let cursor = initialTranscriptCursor
  let markdown = initialMarkdownState
  const printText = async (piece: string): Promise<void> => {
    if (!text || text.paint === paintNothing) return text?.print(piece)
    const [next, rendered] = renderMarkdown(markdown, piece, text.paint)
    markdown = next
    await text.print(rendered)
  }
  const write = async ([next, ...outputs]: RenderedEntry): Promise<void> => {
    cursor = next
    for (const output of outputs) {
      await (output.to === 'text' ? printText(output.text) : talk.print(output.text))
    }
  }
  return {
    print: async (fact, omitted) => {
      const [next, ...entries] = transcribeFact(state, fact)
      state = next
      for (const entry of entries)
        if (entry.type !== omitted) await write(layOutTranscriptEntry(cursor, entry, style))
    },
    skip: (fact) => {
      ;[state] = transcribeFact(state, fact)
    },
    endLine: () => write(endUnfinishedLines(cursor)),
  }
}

/** Returns the transcript entries of the next fact of an agent. */
export function transcribeFact(state: TranscriptState, fact: Fact): TranscriptStep {
  if (fact.type !== 'session-event-received') return transcribeRequestFact(state, fact)
  const { event, ruling, at } = fact
  return event.type === 'approval-requested' && isDecidedByPolicy(ruling)
    ? transcribePolicyAnswer(state, { event, ruling, at })
    : transcribeSessionEvent(state, event, at)
}
