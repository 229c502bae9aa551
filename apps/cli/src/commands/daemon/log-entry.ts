/** Splits a line of a log into its time and its text. Lines of Node, such as of a crash, have no time. */
export function splitTimedLogLine(line: string): { at?: string; line: string } {
  const [, at, text] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? []
  return at === undefined || text === undefined ? { line } : { at, line: text }
}
