import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const Operation = z.looseObject({ operationId: z.string(), summary: z.string() })
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) })
const Api = z.object({
  createOpenApiDocument: z.custom<(version: string) => unknown>((value) => typeof value === 'function'),
})

/** Returns the Markdown table of the endpoints of the HTTP API, from the document that the built `api` package makes. */
export async function endpointsTable(root: string): Promise<string> {
  const module: unknown = await import(pathToFileURL(join(root, 'packages/api/dist/index.js')).href)
  const { paths } = Document.parse(Api.parse(module).createOpenApiDocument('0.0.0'))
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, { summary }]) =>
        `| \`${method.toUpperCase()} ${path}\` | ${summary.replaceAll('|', '\\|')} |`,
    ),
  )
  return ['| endpoint | what it does |', '|---|---|', ...rows].join('\n')
}
