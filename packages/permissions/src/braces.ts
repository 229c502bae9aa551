/**
 * What the braces of a word become where a shell knows them: of `src/{a,b}.ts` that is `src/a.ts` and `src/b.ts`, and the
 * word itself, as dash has it. `undefined` where there is more to it than one pair of braces and plain text.
 */
export function choicesOf(text: string): readonly string[] | undefined {
  const [, before, inside, after] =
    /^([\w./@%+:-]*)\{([\w./@%+:*-]*(?:,[\w./@%+:*-]*)+)\}([\w./@%+:*-]*)$/.exec(text) ?? []
  if (before === undefined || inside === undefined || after === undefined) return undefined
  // `{1..3}` inside would be more words.
  if (inside.includes('..')) return undefined
  return [text, ...inside.split(',').map((choice) => `${before}${choice}${after}`)]
}

/** Whether a word is a row of numbers such as `{1..5}`. */
export function isRow(text: string): boolean {
  return /^\{\d{1,4}\.\.\d{1,4}\}$/.test(text)
}
