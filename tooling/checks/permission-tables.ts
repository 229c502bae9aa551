import { z } from 'zod'

const Files = z.array(z.string())
const SteeringFiles = z.array(z.object({ kind: z.string(), why: z.string(), files: Files }))
const Place = z.object({ what: z.string(), files: Files })
const CredentialPlaces = z.object({ readable: Place, places: z.array(Place) })

/** Returns the Markdown table of the files that other programs run by themselves. */
export function steeringFilesTable(document: unknown): string {
  const kinds = SteeringFiles.parse(document)
  return [
    ...['| kind | what is in them | files and folders |', '|---|---|---|'],
    ...kinds.map(({ kind, why, files }) => `| ${kind} | ${why} | ${listed(files)} |`),
  ].join('\n')
}

/** Returns the Markdown table of the places of credentials, with the files there that stay readable. */
export function credentialTable(document: unknown): string {
  const { places, readable } = CredentialPlaces.parse(document)
  return [
    ...['| kind | files and folders |', '|---|---|'],
    ...[...places, readable].map(({ what, files }) => `| ${what} | ${listed(files)} |`),
  ].join('\n')
}

/** File names in one table cell. A `|` is escaped, because it would end the cell. */
function listed(files: readonly string[]): string {
  return files.map((file) => `\`${file.replaceAll('|', String.raw`\|`)}\``).join(', ')
}
