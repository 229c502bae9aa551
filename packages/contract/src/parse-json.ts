/** Returns the parsed JSON, for a schema to check, or `undefined` for a text that is no JSON. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // JSON.parse throws nothing but a SyntaxError, whose message quotes the text, which may hold secrets.
    return undefined
  }
}
