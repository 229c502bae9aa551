/** A line without its break, counted from 1, and where it starts. */
export type Line = { number: number; start: number; text: string }

/** The lines of a text outside of code and inside of it, and the line of code that is never closed. */
export type Lines = { visible: Line[]; hidden: Line[]; openCode: number | undefined }

/** Code that is open: `indent` is where the item of a list stands that it belongs to, and with which it ends. */
type Code = { line: number; indent: number; isEnd: (line: string) => boolean }

/** Tells lines of a Markdown text from those in fences and in `<pre>`, where a marker is an example. */
export function sortLines(text: string): Lines {
  const lines: Lines = { visible: [], hidden: [], openCode: undefined }
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

function* linesOf(text: string): Generator<Line> {
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

/** A fence may stand behind the bullets or numbers of lists. */
function codeAt({ number: line, text }: Line): Code | undefined {
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

/** The closing fence is of the same sign and at least as long, with nothing behind. */
function closes(line: string, mark: string): boolean {
  const end = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1]
  return end?.startsWith(mark) ?? false
}
