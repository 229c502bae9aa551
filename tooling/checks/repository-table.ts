import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

/** The packages with columns for the repository table, which says what CLIs do with a repository's files, in that order. */
const packagesWithColumns = ['driver-claude', 'driver-codex', 'driver-acp'] as const

const Cell = z.union([
  z.literal('none'),
  z.strictObject({
    outcome: z.enum(['given', 'checked', 'ignored', 'refused', 'unprevented']),
    where: z.string().min(1),
    note: z.string().min(1).optional(),
  }),
])
const Column = z.strictObject({ cli: z.string(), version: z.string(), cells: z.record(z.string(), Cell) })
const Rows = z.object({ repositoryTableRows: z.record(z.string(), z.string()) })
const Columns = z.object({ repositoryTableColumns: z.array(Column) })

/** Returns the Markdown table of what each CLI does with the files of a repository, read from the built packages. */
export async function repositoryTable(root: string): Promise<string> {
  const load = async (packageName: string, file: string): Promise<unknown> =>
    await import(pathToFileURL(join(root, 'packages', packageName, 'dist', file)).href)
  const { repositoryTableRows } = Rows.parse(await load('driver-kit', 'repository-table.js'))
  const modules = packagesWithColumns.map((name) => load(name, 'repository-table-columns.js'))
  const columns = (await Promise.all(modules)).flatMap(
    (module) => Columns.parse(module).repositoryTableColumns,
  )
  return [
    row(['in the repository', ...columns.map(({ cli, version }) => `${cli} ${version}`)]),
    row(['---', ...columns.map(() => '---')]),
    ...Object.entries(repositoryTableRows).map(([thing, words]) =>
      row([words, ...columns.map(({ cells }) => describe(cells[thing] ?? 'none'))]),
    ),
  ].join('\n')
}

const words = {
  given: 'given',
  checked: 'given where nothing in it runs, else ignored',
  ignored: 'ignored',
  refused: 'refused',
  unprevented: 'cannot be prevented',
}

function describe(cell: z.infer<typeof Cell>): string {
  if (cell === 'none') return 'has none'
  const { outcome, where, note } = cell
  const because = note && (outcome === 'unprevented' ? `, because ${note}` : `; ${note}`)
  return `**${words[outcome]}**: ${where}${because ?? ''}`
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
