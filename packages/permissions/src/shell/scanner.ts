/** A word or keyword that bash, dash and zsh all see. `pattern` is its text without quotes, if nothing in it expands but a pattern or a home folder. */
export type ShellAgreedWord = {
  start: number
  end: number
  text: string
  role: 'name' | 'word' | 'keyword' | 'test'
  expands: boolean
  pattern: string | undefined
}

export type ShellLineScanner = {
  readonly text: string
  at: number
  words: ShellAgreedWord[]
  /** Here-documents whose text begins after the next line break. */
  waiting: { delimiter: string; quoted: boolean; stripsTabs: boolean; inside: boolean }[]
  disagreement: string | undefined
  depth: number
  readonly readScript: (scanner: ShellLineScanner, closing: ')' | '`') => void
}

export function recordShellDisagreement(scanner: ShellLineScanner, why: string): void {
  scanner.disagreement ??= why
  scanner.at = scanner.text.length
}
