import { disagree, type LineScanner } from './scanner.js'

/** Remembers a here-document, whose text begins after the next line break. Only the simplest delimiters are taken. */
export function waitForHereDocument(
  scanner: LineScanner,
  { operator, word, inside }: { operator: string; word: string; inside: boolean },
): void {
  const [, bare, single, double] = /^(?:(\w+)|'([\w.-]+)'|"([\w.-]+)")$/.exec(word) ?? []
  const delimiter = bare ?? single ?? double
  if (delimiter === undefined) disagree(scanner, 'a here-document with an unusual delimiter')
  else
    scanner.waiting.push({
      delimiter,
      quoted: bare === undefined,
      stripsTabs: operator.endsWith('-'),
      inside,
    })
}

/** Passes over the text of the here-documents that were announced in the line before. */
export function readHereDocuments(scanner: LineScanner): void {
  for (const { delimiter, quoted, stripsTabs, inside } of scanner.waiting.splice(0)) {
    const body = readBody(scanner, delimiter, stripsTabs)
    if (body === undefined) disagree(scanner, 'a here-document without an end')
    // What is expanded there has quotes of its own kind, which parsers and shells do not agree on.
    else if (!quoted && /[$`]|\\\n/.test(body))
      disagree(scanner, 'a here-document in which something is expanded')
    else if (inside && !isBalanced(body)) disagree(scanner, 'quotes in a here-document in a substitution')
  }
}

function readBody(scanner: LineScanner, delimiter: string, stripsTabs: boolean): string | undefined {
  const start = scanner.at
  while (scanner.at < scanner.text.length) {
    const found = scanner.text.indexOf('\n', scanner.at)
    const end = found < 0 ? scanner.text.length : found
    const line = scanner.text.slice(scanner.at, end)
    const body = scanner.text.slice(start, scanner.at)
    scanner.at = Math.min(end + 1, scanner.text.length)
    if ((stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter) return body
  }
  return undefined
}

/** Bash 3 looks for the end of a substitution by its quotes and parentheses, in a here-document too. */
function isBalanced(body: string): boolean {
  let depth = 0
  for (const character of body) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0) return false
  }
  return depth === 0 && !/[\\`]/.test(body) && count(body, "'") % 2 === 0 && count(body, '"') % 2 === 0
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
