/** Creates the answer to `[[recall]]`: the earlier texts of the user, or that there were none. */
export function recallAnswer(earlier: readonly string[]): string {
  const lines = earlier.map((text, index) => `\n${index + 1}. ${text}`)
  return lines.length === 0 ? 'You said nothing before.' : `You said before:${lines.join('')}`
}
