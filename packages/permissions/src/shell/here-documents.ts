import { recordShellDisagreement, type ShellLineScanner } from './scanner.js'

/** Registers a here-document, whose text begins after the next line break. Supports only the simplest delimiters. */
export function scanHereDocumentStart(
  scanner: ShellLineScanner,
  { operator, word, inside }: { operator: string; word: string; inside: boolean },
): void {
  const [, bare, single, double] = /^(?:(\w+)|'([\w.-]+)'|"([\w.-]+)")$/.exec(word) ?? []
  const delimiter = bare ?? single ?? double
  if (delimiter === undefined) recordShellDisagreement(scanner, 'a here-document with an unusual delimiter')
  else
    scanner.waiting.push({
      delimiter,
      quoted: bare === undefined,
      stripsTabs: operator.endsWith('-'),
      inside,
    })
}

export function skipHereDocumentTexts(scanner: ShellLineScanner): void {
  for (const { delimiter, quoted, stripsTabs, inside } of scanner.waiting.splice(0)) {
    const body = readBody(scanner, delimiter, stripsTabs)
    if (body === undefined) recordShellDisagreement(scanner, 'a here-document without an end')
    // Expansions in a here-document have quotes of their own, which parsers and shells read differently.
    else if (!quoted && /[$`]|\\\n/.test(body))
      recordShellDisagreement(scanner, 'a here-document in which something is expanded')
    else if (inside && !isBalanced(body))
      recordShellDisagreement(scanner, 'quotes in a here-document in a substitution')
  }
}

function readBody(scanner: ShellLineScanner, delimiter: string, stripsTabs: boolean): string | undefined {
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

/** Whether quotes and parentheses of a text are balanced: bash 3 counts those of a here-document for the end of a substitution. */
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
