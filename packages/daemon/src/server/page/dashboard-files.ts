import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

export type DashboardFile = { type: string; content: Buffer }

/** Reads the built page into memory, by URL path, so that no request ever becomes a path on the disk. */
export function readDashboardFiles(folder: string): ReadonlyMap<string, DashboardFile> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    paths.flatMap((path) => {
      const type = contentTypes[extname(path)]
      const url = path.slice(folder.length).replaceAll('\\', '/')
      if (type === undefined) return []
      return [[url === '/index.html' ? '/' : url, { type, content: readFileSync(path) }]]
    }),
  )
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * HTTP headers of every response on the page's port. The browser loads only files of this origin, and scripts and styles only
 * from files; the page sends no form, is shown in no frame, and shares no window with other sites.
 */
export const dashboardHttpHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
