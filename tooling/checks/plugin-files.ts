import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { GeneratedPage } from './generated-docs.js'

const Files = z.array(z.object({ path: z.string(), text: z.string() }))
const Generator = z.custom<(source?: unknown) => unknown>((value) => typeof value === 'function')

/** Generates the files of all plugins with the built installer, from the package.json of the command. */
export async function createPluginFiles(root: string): Promise<GeneratedPage[]> {
  const { createPluginFiles: generate } = z
    .object({ createPluginFiles: Generator })
    .parse(await built(root, 'plugin-files'))
  const source: unknown = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'))
  return Files.parse(generate(source))
}

/** Returns the Markdown lines with the links that add our MCP server to editors. */
export async function formatInstallLinks(root: string): Promise<string> {
  const { formatInstallLinks: generate } = z
    .object({ formatInstallLinks: Generator })
    .parse(await built(root, 'manifests'))
  return z.string().parse(generate())
}

function built(root: string, name: string): Promise<unknown> {
  return import(pathToFileURL(join(root, `packages/installer/dist/plugins/${name}.js`)).href)
}
