/** A form of secrets: what of a match is one is its group `secret`; its group `before` stays, so that a reader knows. */
export type Form = {
  /** What kind of secret it is; without a word the text around it says so. */
  word?: string
  form: RegExp
  /** Whether what was found is one, where its form alone does not tell; `before` is its group of that name. */
  when?: (secret: string, before: string) => boolean
}

export function hasDigit(text: string): boolean {
  return /\d/.test(text)
}

/** Letters and digits as chance puts them together: not a word, a version or a name made of words. */
export function isTokenLike(text: string): boolean {
  if (!hasDigit(text) || !/[A-Za-z]/.test(text)) return false
  if (/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/i.test(text)) return true
  const parts = text.split(/[^A-Za-z0-9]+/)
  const isMixed = (part: string): boolean => /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part)
  return parts.some((part) => (part.length >= 8 && isMixed(part)) || (part.length >= 16 && digitsAmong(part)))
}

/** Digits between letters: `release20241122` has them at its end only. */
function digitsAmong(text: string): boolean {
  return (text.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g) ?? []).length > 1
}

/** Where a token ends that goes on at a place: exact lengths change, and the rest of one must not stay. */
export function endOfToken(text: string, from: number): number {
  rest.lastIndex = from
  return from + (rest.exec(text)?.[0].length ?? 0)
}

const rest = /(?:[\w+/=~-]|\.(?=\w))*/y
