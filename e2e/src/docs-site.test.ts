import { checkForLeaks, temporaryHome, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join } from 'node:path'
import { expect, test } from 'vitest'
import { hasBrowser, launchBrowser } from './browser.js'
import { serverScript } from './mcp-host.js'

checkForLeaks()

const root = join(dirname(serverScript), '../../..')
const isRunnable = process.env['CI'] === 'true' && (await hasBrowser())
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Serves the files of a folder on loopback below a path, as GitHub Pages does. */
async function serveFolder(folder: string, base: string) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const path = join(folder, decodeURIComponent(pathname.slice(base.length)))
    const file = [path, `${path}.html`, join(path, 'index.html')].find(
      (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
    )
    if (!pathname.startsWith(base) || file === undefined) return void response.writeHead(404).end()
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain')
    response.end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = () => new Promise<unknown>((resolve) => server.close(resolve))
  return { url: `http://127.0.0.1:${address.port}${base}`, close }
}

test.skipIf(!isRunnable)(
  '[docs-site] the site is built without a dead link, and its search leads to a page; no page loads anything from elsewhere or writes an error',
  thorough,
  async () => {
    const base = '/subagent-mcp/'
    const script = join(root, 'tooling/site/dist/main.js')
    const { stdout } = await execa(process.execPath, [script, '--base', base], { cwd: root })
    const folder = stdout.trimEnd().split('\n').at(-1) ?? ''
    const [home, site] = [temporaryHome({ modelUrl: '' }), await serveFolder(folder, base)]
    const browser = await launchBrowser(home.environment)
    try {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) problems.push(`${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
      page.on('request', (request) => {
        if (!request.url().startsWith(site.url)) problems.push(`${page.url()} loads ${request.url()}`)
      })
      for (const path of [
        '',
        'architecture',
        'tools',
        'http-api',
        'packages/core',
        'changelog',
        'decisions/',
      ]) {
        await page.goto(`${site.url}${path}`, { waitUntil: 'networkidle' })
      }
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('searchbox').fill('freeMemoryMegabytes')
      await page.getByRole('option').first().click()
      await page.getByRole('heading', { name: 'Configuration', level: 1 }).waitFor()
      expect(problems).toEqual([])
    } finally {
      await browser.close()
      await site.close()
      home.remove()
    }
    const index = readFileSync(join(folder, 'llms.txt'), 'utf8')
    const pages = [...index.matchAll(/\]\(https:\/\/[^/]+\/subagent-mcp\/([^)]+)\)/g)].map(
      ([, path = '']) => path,
    )
    expect(pages).toContain('tutorial.md')
    for (const path of pages) {
      const text = readFileSync(join(folder, path), 'utf8').trim()
      expect(readFileSync(join(folder, 'llms-full.txt'), 'utf8')).toContain(text)
    }
  },
)
