/**
 * A text as a person can check it: what has no shape of its own is spelled out, also long runs of spaces, and what
 * is too long is cut in its middle, with a count. What is asked must not hide behind a harmless beginning.
 */
export function visibleText(text: string, limit: number): string {
  const shown = text
    .toWellFormed()
    .replace(withoutShape, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
    .replace(/ {8,}/g, (spaces) => `[${spaces.length} spaces]`)
  if (shown.length <= limit) return shown
  const half = Math.floor(limit / 2)
  const left = shown.length - 2 * half
  return `${shown.slice(0, half)} …[${left} characters left out]… ${shown.slice(-half)}`.toWellFormed()
}

/** Controls, what turns the direction of writing, what is invisible, and every space but the common one. */
const withoutShape = /[\u2800\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu
