/** Parses JSON for a schema to check; `undefined` for invalid JSON. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The SyntaxError is dropped, because its message quotes the text, which may hold secrets.
    return undefined
  }
}
