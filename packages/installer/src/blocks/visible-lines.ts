/** A line without its line break, its number from 1, and its offset. */
export type MarkdownLine = { number: number; start: number; text: string }

/** The lines of a text outside and inside of code, and the line of a code fence that is never closed. */
export type SeparatedLines = { visible: MarkdownLine[]; hidden: MarkdownLine[]; openCode: number | undefined }

/** An open code fence. `indent` is the column of the list item around it, with which it ends. */
type Code = { line: number; indent: number; isEnd: (line: string) => boolean }

/** Separates the lines of a Markdown text from those in code fences and `<pre>`, where a marker is only an example. */
export function separateMarkdownCodeLines(text: string): SeparatedLines {
  const lines: SeparatedLines = { visible: [], hidden: [], openCode: undefined }
  let code: Code | undefined
  for (const line of linesOf(text)) {
    if (code !== undefined && leavesItem(line.text, code.indent)) code = undefined
    const begun = code === undefined ? codeAt(line) : undefined
    if (code === undefined && begun === undefined) lines.visible.push(line)
    else lines.hidden.push(line)
    if (code?.isEnd(line.text)) code = undefined
    code ??= begun
  }
  return { ...lines, openCode: code?.line }
}

function* linesOf(text: string): Generator<MarkdownLine> {
  let start = text.startsWith('\uFEFF') ? 1 : 0
  let number = 1
  for (const line of text.slice(start).split('\n')) {
    yield { number, start, text: line }
    start += line.length + 1
    number += 1
  }
}

function leavesItem(line: string, indent: number): boolean {
  return line.trim() !== '' && line.search(/\S/) < indent
}

/** The code fence or HTML block that a line opens, also behind bullets or numbers of lists. */
function codeAt({ number: line, text }: MarkdownLine): Code | undefined {
  const indent = /^(?: {0,3}(?:[-*+]|\d{1,9}[.)]) +)*/.exec(text)?.[0].length ?? 0
  const rest = text.slice(indent)
  const html = /^ {0,3}<(pre|script|style|textarea)(?:[\s>]|$)/i.exec(rest)?.[1]
  if (html !== undefined) {
    const end = `</${html.toLowerCase()}>`
    const isEnd = (other: string) => other.toLowerCase().includes(end)
    return isEnd(rest) ? undefined : { line, indent, isEnd }
  }
  const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(rest)?.[1]
  if (mark === undefined) return undefined
  return { line, indent, isEnd: (other) => closes(other.slice(indent), mark) }
}

/** A closing fence has the same character, is at least as long, and has nothing behind it. */
function closes(line: string, mark: string): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1]
  return end?.startsWith(mark) ?? false
}
