/** A form of secrets. The group `secret` of a match is masked; the group `before` stays, so that readers know what was there. */
export type SecretForm = {
  /** The kind of secret, for the mask. Without it the text around the mask tells the kind. */
  word?: string
  form: RegExp
  /**
   * Matches texts, at least one of which stands in every match of the form. A search for them is many times faster than one for
   * the form, and most texts have none. Without signs the form is searched for in every text.
   */
  signs?: RegExp
  /** Checks a match whose form alone is not enough; `before` is the group of that name. */
  when?: (secret: string, before: string) => boolean
}

export function hasDigit(text: string): boolean {
  return /\d/.test(text)
}

/** Whether a text has random letters and digits, unlike a word, a version or a name made of words. */
export function isTokenLike(text: string): boolean {
  if (!hasDigit(text) || !/[A-Za-z]/.test(text)) return false
  if (/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-/i.test(text)) return true
  const parts = text.split(/[^A-Za-z0-9]+/)
  const isMixed = (part: string): boolean => /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part)
  return parts.some((part) => (part.length >= 8 && isMixed(part)) || (part.length >= 16 && digitsAmong(part)))
}

/** Whether a text has random letters. In words, also joined ones, most pairs of letters are common pairs. */
export function hasRandomLetters(text: string): boolean {
  if (!/^[A-Za-z]{12,256}$/.test(text)) return false
  const parts = text.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).map((part) => part.toLowerCase())
  if (text.length / parts.length < 3) return true
  const pairs = parts.flatMap((part) => Array.from(part.slice(1), (letter, at) => part.charAt(at) + letter))
  return pairs.filter((pair) => commonPairs.has(pair)).length < 0.55 * pairs.length
}

const commonPairs: ReadonlySet<string> = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ' +
    'ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ' +
    'ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp ' +
    'fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da ' +
    'yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi pt ak ui rg ib tl ' +
    'ki rk ys ob mm ph og ms ye ud mb ip ub oi rl gu'
  ).split(' '),
)

/** Whether digits stand between letters, unlike in `release20241122`. */
function digitsAmong(text: string): boolean {
  return (text.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g) ?? []).length > 1
}

/** The end of the token around a position. The rest of a token longer than its form must not stay. */
export function findTokenEnd(text: string, from: number): number {
  rest.lastIndex = from
  return from + (rest.exec(text)?.[0].length ?? 0)
}

const rest = /(?:[\w+/=~-]|\.(?=\w))*/y
