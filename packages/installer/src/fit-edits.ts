import { z } from 'zod'
import type { Edit } from './edit/edit.js'
import { isTable, Value, valueAt } from './edit/value.js'
import { serverName } from './hosts/server-entry.js'

/**
 * The edits as they suit what a file says already: variables that the user gave a value in our entry keep it, an entry
 * that starts no program gives way to ours, and a switch that is a table by now is turned in its `enabled`.
 */
export function fitEdits(edits: readonly Edit[], data: unknown): Edit[] {
  return edits.flatMap((edit): Edit[] => {
    const { path } = edit
    const there = valueAt(data, path)
    if (edit.type !== 'set' || !isTable(there)) return [edit]
    if (typeof edit.value === 'boolean') return [{ ...edit, path: [...path, 'enabled'] }]
    if (path.at(-1) !== serverName) return [edit]
    if (there['command'] === undefined) return [{ type: 'remove', path }, edit]
    return [{ ...edit, value: withTheirVariables(edit.value, there['env']) }]
  })
}

const Table = z.record(z.string(), Value)

function withTheirVariables(value: Value, env: unknown): Value {
  const ours = Table.safeParse(value).data
  const variables = Table.safeParse(ours?.['env']).data
  const theirs = Table.safeParse(env).data
  return ours && variables && theirs ? { ...ours, env: { ...variables, ...theirs } } : value
}
