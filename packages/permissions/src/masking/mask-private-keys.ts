const word = '[masked: private key]'

/** Masks private keys, also those of which the text has only the beginning or the end. */
export function maskPrivateKeys(text: string): string {
  const masked = text.replaceAll(block, word).replaceAll(puttyKey, `$1${word}`)
  return masked.includes('PRIVATE KEY') ? maskTails(masked) : masked
}

const label = String.raw`[A-Za-z0-9 ]{0,40}(?:PRIVATE KEY|private key|STATIC KEY V1|[Ss]tatic key V1)(?: BLOCK)?`
const endLine = `-{4,5} ?END ${label} ?-{4,5}`
/** Matches text between the lines of a private key: blanks, escaped line breaks, or the quotes of two strings that code joins. */
const gap = String.raw`(?:\s|\\+[nrt]|\\*["'][ \t]*[+.\\][ \t]*\r?\n[ \t]*["'])`
const headerLine = String.raw`(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): [\w ,./:@()+-]{0,100}`
/** Matches a line of base64 in a private key, but no words and paths, which have lower-case letters only. */
const keyLine = String.raw`(?=[a-z+/]{0,64}[A-Z\d=])[A-Za-z0-9+/=]{16,}`
/** Matches a private key from its first line. Only base64 belongs to it, because text that follows may be a command. */
const block = new RegExp(
  String.raw`-{4,5} ?BEGIN ${label} ?-{4,5}(?:${gap}*${headerLine}){0,8}${gap}*${keyLine}(?:${gap}+${keyLine})*` +
    String.raw`(?:${gap}+[A-Za-z0-9+/=]{1,15}(?:=|(?=${gap}*(?:-|$))))?(?:${gap}+=[A-Za-z0-9+/]{4})?(?:${gap}*${endLine})?`,
  'g',
)
const puttyKey = /(Private-Lines: ?\d{1,4}(?:\r?\n|\\n))[A-Za-z0-9+/=\r\n\\]{20,}/g
const tail = new RegExp(endLine, 'g')

/** Masks the lines of a private key whose beginning was cut off, up to its last line. */
function maskTails(text: string): string {
  let masked = ''
  let done = 0
  for (const { index, 0: end } of text.matchAll(tail)) {
    const from = beginOfLines(text, done, index)
    if (from === index) continue
    masked += `${text.slice(done, from)}${word}`
    done = index + end.length
  }
  return masked + text.slice(done)
}

/** Returns where the base64 lines begin that end at a position; only the last line may be short. */
function beginOfLines(text: string, least: number, to: number): number {
  let from = to
  while (from > least && /[A-Za-z0-9+/=\s\\]/.test(text.charAt(from - 1))) from -= 1
  const parts = [...text.slice(from, to).matchAll(/\\+[nrt]|[A-Za-z0-9+/=]+/g)].filter(
    ([part]) => !part.startsWith('\\'),
  )
  const other = parts.findLastIndex(([part], at) => !wholeLine.test(part) && at < parts.length - 1)
  const lines = parts.slice(other + 1)
  const hasLine = lines.some(([part]) => wholeLine.test(part))
  return hasLine ? from + (lines[0]?.index ?? 0) : to
}

const wholeLine = /^(?=.*[A-Z\d=]).{16,}$/
