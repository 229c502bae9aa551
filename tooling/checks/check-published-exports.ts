import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { Finding } from './check.js'
import { readWorkspace } from './workspace.js'

/** What a public package names in `exports`, `bin` and `types` is there, is published, and is what it says. */
export async function checkPublishedExports(root: string): Promise<Finding> {
  const packages = readWorkspace(root).filter(({ manifest }) => !manifest.private)
  const problems = await Promise.all(packages.map(({ folder }) => lint(root, folder)))
  return { summary: `${packages.length} public packages`, problems: problems.flat() }
}

async function lint(root: string, folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: join(root, folder), strict: true, pack: 'npm' })
  return messages.map(
    (message) => `${folder}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  )
}
