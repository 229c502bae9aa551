/**
 * Makes a text safe for a person to check: spells out invisible characters and long runs of spaces, and cuts a long text in its
 * middle, with a count. A tool call must not hide its danger behind a harmless beginning.
 */
export function revealInvisibleCharacters(text: string, limit: number): string {
  const shown = text
    .toWellFormed()
    .replace(withoutShape, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
    .replace(/ {8,}/g, (spaces) => `[${spaces.length} spaces]`)
  if (shown.length <= limit) return shown
  const half = Math.floor(limit / 2)
  const left = shown.length - 2 * half
  return `${shown.slice(0, half)} …[${left} characters left out]… ${shown.slice(-half)}`.toWellFormed()
}

/** Matches control, direction, invisible and line-separator characters, and every space other than the common one. */
const withoutShape = /[\u2800\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu
