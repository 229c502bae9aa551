import { createInvalidDefinitionFileError } from './invalid-file-error.js'

/** Splits a file into its YAML, if there is any, and its body. @throws for frontmatter without an end */
export function splitFrontmatter(path: string, text: string): { yaml: string | undefined; body: string } {
  const [first = '', ...lines] = text.split('\n')
  if (!isRule(first)) return { yaml: undefined, body: text }
  const end = lines.findIndex(isRule)
  if (end < 0) {
    const message = 'the frontmatter that begins here has no closing ---'
    throw createInvalidDefinitionFileError(path, [
      { line: 1, message, hint: 'put --- on a line of its own below its last key' },
    ])
  }
  return { yaml: lines.slice(0, end).join('\n'), body: lines.slice(end + 1).join('\n') }
}

function isRule(line: string): boolean {
  return line.trimEnd() === '---'
}
