/** A word or keyword that bash, dash and zsh all see. `pattern` is its text without quotes, if nothing in it expands but a pattern or a home folder. */
export type AgreedWord = {
  start: number
  end: number
  text: string
  role: 'name' | 'word' | 'keyword' | 'test'
  expands: boolean
  pattern: string | undefined
}

/** The state of scanning a line. */
export type LineScanner = {
  readonly text: string
  at: number
  words: AgreedWord[]
  /** Here-documents whose text begins after the next line break. */
  waiting: { delimiter: string; quoted: boolean; stripsTabs: boolean; inside: boolean }[]
  disagreement: string | undefined
  depth: number
  /** Reads the commands of a substitution up to its closing character. */
  readonly readScript: (scanner: LineScanner, closing: ')' | '`') => void
}

/** Records why shells may read a line differently, and ends its scan. */
export function recordDisagreement(scanner: LineScanner, why: string): void {
  scanner.disagreement ??= why
  scanner.at = scanner.text.length
}
