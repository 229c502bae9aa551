const string = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g

/** The strings in a line of settings that are no keys, as they are written. */
export function stringsIn(line: string): string[] {
  return [...line.matchAll(string)].flatMap(({ 0: text, index }) => (isKey(line, text, index) ? [] : [text]))
}

/** A line of settings with those strings alone that may be shown, and all its keys. */
export function hideStrings(line: string, isShown: (text: string) => boolean): string {
  return line.replace(string, (text: string, index: number) => {
    const stays = text.length === 2 || isKey(line, text, index) || isShown(text)
    return stays ? text : '"…"'
  })
}

/** In JSON a colon follows a key; in TOML an equals sign or a dot, or it stands behind a dot. */
function isKey(line: string, text: string, index: number): boolean {
  return line[index - 1] === '.' || /^\s*[:=.]/.test(line.slice(index + text.length))
}

/** The lines, counted from 0, that a string of several lines in TOML stands in behind its first. */
export function stringLines(text: string): Set<number> {
  const lines = new Set<number>()
  let [first, counted] = [1, 0]
  for (const { 0: whole, index } of text.matchAll(/("""|''')[^]*?\1/g)) {
    first += text.slice(counted, index).split('\n').length - 1
    counted = index
    for (let line = first; line < first + whole.split('\n').length - 1; line += 1) lines.add(line)
  }
  return lines
}
