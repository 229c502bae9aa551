import type { ListedDefinition } from '@subagent-mcp/definitions'
import type { Paint } from '../../terminal/paint.js'
import { oneLine, plainText } from '../../terminal/text.js'
import { shortPath } from '../../terminal/short-path.js'
import { dropColumns, renderTable, type Cell } from '../../terminal/table.js'

/** The definitions as lines under their titles, none wider than so many columns. */
export function renderDefinitions(
  listed: readonly ListedDefinition[],
  { columns, paint, home }: { columns: number; paint: Paint; home: string },
): string[] {
  if (listed.length === 0) return []
  const titles = ['NAME', 'PROVIDER', 'MODEL', 'FILE', 'DESCRIPTION'].map((text): Cell => ({
    text,
    tone: 'dim',
  }))
  const rows = [titles, ...listed.map((one) => row(one, home))]
  const lessImportant = ['FILE', 'MODEL', 'PROVIDER']
  return renderTable(dropColumns(rows, { lessImportant, columns, room: 24 }), columns, paint)
}

/** What is to be told besides: what is wrong with files, and what they pass by. */
export function definitionRemarks(listed: readonly ListedDefinition[]): string[] {
  return listed.flatMap((one) => {
    if (one.type === 'invalid') return [plainText(`${one.error.message} (${one.error.hint ?? 'mend it'})`)]
    const { name, notes, unknownKeys } = one.definition
    const unread = unknownKeys.length > 0 ? [`nothing is done with ${unknownKeys.join(', ')}`] : []
    return [...notes, ...unread].map((note) => plainText(`${name}: ${note}`))
  })
}

function row(listed: ListedDefinition, home: string): Cell[] {
  const plain = (text: string): Cell => ({ text: oneLine(text, longest), tone: 'plain' })
  if (listed.type === 'invalid') {
    const { name, path, error } = listed
    const cells = [plain('-'), plain('-'), plain(shortPath(path, home))]
    return [
      { text: oneLine(name, longest), tone: 'bold' },
      ...cells,
      { text: oneLine(error.message, longest), tone: 'red' },
    ]
  }
  const { name, provider, model = 'default', effort, path, description } = listed.definition
  const cells = [provider, effort ? `${model} ${effort}` : model, shortPath(path, home), description]
  return [{ text: name, tone: 'bold' }, ...cells.map(plain)]
}

/** Of a cell: a terminal cuts it shorter. */
const longest = 200
