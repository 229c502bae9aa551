const word = '[masked: private key]'

/** Masks private keys in their blocks, also those of which a text has only the beginning or the end. */
export function maskKeys(text: string): string {
  const masked = text.replaceAll(block, word).replaceAll(puttyKey, `$1${word}`)
  return masked.includes('PRIVATE KEY') ? maskTails(masked) : masked
}

const label = String.raw`[A-Za-z0-9 ]{0,40}(?:PRIVATE KEY|STATIC KEY V1)(?: BLOCK)?`
const block = new RegExp(
  String.raw`-{4,5} ?BEGIN ${label} ?-{4,5}[^]*?(?:-{4,5} ?END ${label} ?-{4,5}|$)`,
  'gi',
)
const puttyKey = /(Private-Lines: ?\d{1,4}(?:\r?\n|\\n))[A-Za-z0-9+/=\r\n\\]{20,}/g
const tail = new RegExp(`-{4,5} ?END ${label} ?-{4,5}`, 'gi')

/** The lines of a key before its end, where its beginning was cut off. */
function maskTails(text: string): string {
  let masked = ''
  let done = 0
  for (const { index, 0: end } of text.matchAll(tail)) {
    let from = index
    while (from > done && /[A-Za-z0-9+/=\s\\]/.test(text.charAt(from - 1))) from -= 1
    masked += `${text.slice(done, from)}${word}`
    done = index + end.length
  }
  return masked + text.slice(done)
}
