import fc from 'fast-check'

/** Documents of a property test: a few hundred, and thousands in CI. */
export const documentCount = Number(process.env['DOCUMENTS'] ?? 300)

/** A source of decisions: a number below the bound. A tape that has ended always says 0, the simplest. */
export type Chooser = (bound: number) => number

/** Documents made by decisions, which fast-check makes fewer and simpler when a property fails. */
export function generateByChoices<T>(make: (choose: Chooser) => T): fc.Arbitrary<T> {
  return fc.uint8Array({ minLength: 0, maxLength: 160, size: 'max' }).map((tape) => {
    let position = 0
    return make((bound) => {
      const number = tape[position] ?? 0
      position += 1
      return number % bound
    })
  })
}

/** One of several items, by a generated decision; the first is the simplest. */
export function pickOne<T>(choose: Chooser, [first, ...others]: readonly [T, ...T[]]): T {
  const index = choose(others.length + 1)
  return index === 0 ? first : (others[index - 1] ?? first)
}

/** Whether all characters of a text stand in another one, in their order. */
export function isSubsequence(text: string, other: string): boolean {
  let found = 0
  for (const character of other) {
    if (text.startsWith(character, found)) found += character.length
  }
  return found === text.length
}

/** The mark that a generator writes into each comment of others; `numberComments` turns the marks into numbers. */
export const commentNumberMark = '¤'

/** A generated text with its comments numbered. */
export function numberComments(text: string): string {
  let count = 0
  return text.replaceAll(commentNumberMark, () => `‹${(count += 1)}›`)
}

/** The numbers of the comments in a text, in their order. */
export function commentNumbersIn(text: string): string[] {
  return text.match(/‹\w+›/g) ?? []
}
