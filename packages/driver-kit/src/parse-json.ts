/** The value of a line of JSON, for a schema to check; `undefined` when the line is no JSON. Never throws. */
export function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // JSON.parse throws nothing but a SyntaxError, and that is the answer.
    return undefined
  }
}
