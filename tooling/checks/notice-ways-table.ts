import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const NoticeWays = z.object({
  hostModes: z.record(z.string(), z.object({ label: z.string() })),
  noticeWays: z.array(
    z.object({ name: z.string(), needsHooks: z.boolean(), hostModes: z.record(z.string(), z.string()) }),
  ),
})

/** Returns the Markdown table of the ways in which hosts learn of finished agents, read from the built installer. */
export async function noticeWaysTable(root: string): Promise<string> {
  const module: unknown = await import(
    pathToFileURL(join(root, 'packages/installer/dist/notice-ways.js')).href
  )
  const { hostModes, noticeWays } = NoticeWays.parse(module)
  const columns = Object.entries(hostModes)
  return [
    row(['', ...columns.map(([, { label }]) => label)]),
    row(['---', ...columns.map(() => '---')]),
    ...noticeWays.map(({ name, needsHooks, hostModes: conditions }) =>
      row([`${name}${needsHooks ? ' (hooks)' : ''}`, ...columns.map(([id]) => cell(conditions[id]))]),
    ),
  ].join('\n')
}

function cell(condition: string | undefined): string {
  if (condition === undefined) return '–'
  return condition === '' ? 'yes' : `yes, ${condition}`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
