import { cpSync, watch } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, createServer } from 'vitepress'
import { writeLlmsFiles } from './llms.js'
import { checkout, generated, site } from './places.js'
import { writePages } from './write-pages.js'

const { values } = parseArgs({
  options: {
    dev: { type: 'boolean', default: false },
    /** The path of the site on its server. */
    base: { type: 'string', default: '/' },
    /** The address of the site without that path, for `llms.txt`. */
    origin: { type: 'string', default: 'https://subagent-mcp.github.io' },
  },
})

writePages()
if (values.dev) await serve()
else {
  await build(site, { base: values.base })
  const html = generated('html')
  cpSync(generated('pages'), html, { recursive: true, filter: (path) => !/\/(public|media)$/.test(path) })
  writeLlmsFiles(html, new URL(values.base, values.origin).href)
  process.stdout.write(`${html}\n`)
}

/** Serves the site on loopback, and writes its pages again when one of `docs/` changes. */
async function serve(): Promise<void> {
  const server = await createServer(site, { base: values.base })
  await server.listen()
  server.printUrls()
  watch(join(checkout, 'docs'), { recursive: true }, writePages)
}
