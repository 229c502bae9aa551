import type { Fact } from '@subagent-mcp/core'
import { freshPen, liftPen, writePassage, type PenStyle, type Written } from './cursor.js'
import type { Screen } from '../terminal.js'
import { emptyTranscript, tellFact } from './transcript.js'
import type { Passage } from './entry.js'

/** Tells the facts about an agent, in order, to a person. */
export type Scribe = {
  /** Passages of the kind `omitted` are left out. */
  tell(fact: Fact, omitted?: Passage['type']): Promise<void>
  /** Takes note of a fact that the person hears of elsewhere. */
  learn(fact: Fact): void
  /** Ends the line that is being written: others may write then. */
  lift(): Promise<void>
}

/** What the model says goes to `text`, and talk about it to `talk`; without `text` it is left out. */
export type ScribeOptions = { text: Screen | undefined; talk: Screen; home: string; style: PenStyle }

/** Knows nothing of the agent yet. */
export function createScribe({ text, talk, home, style }: ScribeOptions): Scribe {
  let transcript = emptyTranscript(home)
  let pen = freshPen
  const print = async ([next, ...pieces]: Written): Promise<void> => {
    pen = next
    for (const piece of pieces) await (piece.to === 'text' ? text : talk)?.print(piece.text)
  }
  return {
    tell: async (fact, omitted) => {
      const [known, ...passages] = tellFact(transcript, fact)
      transcript = known
      for (const passage of passages)
        if (passage.type !== omitted) await print(writePassage(pen, passage, style))
    },
    learn: (fact) => {
      ;[transcript] = tellFact(transcript, fact)
    },
    lift: () => print(liftPen(pen)),
  }
}
