/** A word or keyword where bash, dash and zsh all see one. `pattern` is its text without quotes, where nothing in it is expanded but a pattern or a home folder. */
export type AgreedWord = {
  start: number
  end: number
  text: string
  role: 'name' | 'word' | 'keyword' | 'test'
  expands: boolean
  pattern: string | undefined
}

/** Where the second reading of a line is, and what it has found. */
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

/** Ends the reading: what is left of the line is not looked at. */
export function disagree(scanner: LineScanner, why: string): void {
  scanner.disagreement ??= why
  scanner.at = scanner.text.length
}
