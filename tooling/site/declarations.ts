import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync, type Comment, type Statement } from 'oxc-parser'

/** An exported name with its declaration and doc comment; `from` is the package that a re-exported name is from. */
export type ExportedName =
  | { name: string; declaration: string; comment: string }
  | { name: string; from: string }

/** Returns all names that a declaration file exports, with their declarations, which may be in files that it names. */
export function exportedNames(path: string): ExportedName[] {
  const { module } = parse(path)
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, importName, localName, moduleRequest }): ExportedName[] => {
      const name = exportName.name
      if (!name) return []
      const source = moduleRequest?.value
      if (source === undefined) return [declared(path, name, localName.name ?? name)]
      if (!source.startsWith('.')) return [{ name, from: source }]
      const file = join(dirname(path), source.replace(/\.js$/, '.d.ts'))
      const original = importName.name ?? name
      const found = exportedNames(file).find((each) => each.name === original)
      return found === undefined ? [] : [{ ...found, name }]
    }),
  )
}

const parsed = new Map<string, ReturnType<typeof parseFile>>()

function parse(path: string): ReturnType<typeof parseFile> {
  const file = parsed.get(path) ?? parseFile(path)
  parsed.set(path, file)
  return file
}

function parseFile(path: string) {
  const text = readFileSync(path, 'utf8')
  const { module, program, comments } = parseSync(path, text, { lang: 'dts' })
  return { text, module, program, comments }
}

/** A name that the file declares itself. Overloads, and a value and a type of one name, are several statements. */
function declared(path: string, name: string, localName: string): ExportedName {
  const { text, program, comments } = parse(path)
  const statements = program.body.filter((statement) => declaredNames(statement).includes(localName))
  return {
    name,
    declaration: statements.map(({ start, end }) => text.slice(start, end)).join('\n'),
    comment:
      statements.map((statement) => commentBefore(statement.start, text, comments)).find(Boolean) ?? '',
  }
}

function declaredNames(statement: Statement): string[] {
  const declaration =
    statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? statement) : statement
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  if ('id' in declaration && declaration.id?.type === 'Identifier') return [declaration.id.name]
  return []
}

/** The text of the doc comment that ends right before a place. */
function commentBefore(start: number, text: string, comments: readonly Comment[]): string {
  const comment = comments.findLast(({ end }) => end <= start && text.slice(end, start).trim() === '')
  if (comment?.value.startsWith('*') !== true) return ''
  return comment.value.replaceAll(/^ *\* ?/gm, '').trim()
}
