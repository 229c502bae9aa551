import { scaledToMachine } from '@subagent-mcp/testkit'
import { chromium, type Browser, type Page } from 'playwright-core'
import { existsSync } from 'node:fs'
import { afterEach } from 'vitest'
import { z } from 'zod'
import type { ServerStage } from './server-stage.js'

const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => existsSync(path))

/** Whether this machine has a Chromium that starts, which does not depend on anything of ours. */
export async function hasBrowser(): Promise<boolean> {
  try {
    if (executablePath === undefined) return false
    const browser = await launchBrowser(process.env)
    await browser.close()
    return true
  } catch (error) {
    process.stderr.write(`Chromium does not start, the tests of the page are skipped: ${String(error)}\n`)
    return false
  }
}

async function launchBrowser(env: NodeJS.ProcessEnv): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // A container has no user namespaces for its sandbox, and little shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    timeout: await scaledToMachine(60_000),
  })
}

/** An open page of `subagent-mcp ui` in a browser of its own, which ends with the test. */
export type OpenPage = { page: Page; browser: Browser; address: string; errors: readonly string[] }

/** How the page is shown. Default: 1440 by 900 pixels, light. */
export type PageLook = { width?: number; height?: number; colorScheme?: 'light' | 'dark' }

/**
 * Returns a function that opens the page as a person does, by the address that the command prints. Each page has a browser of its own,
 * which ends with its test. `errors` has what the browser complains about.
 */
export function useBrowser(
  stage: () => Pick<ServerStage, 'subagentMcp' | 'home'>,
): (look?: PageLook) => Promise<OpenPage> {
  const browsers: Browser[] = []
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close()
  })
  return async ({ width = 1_440, height = 900, colorScheme = 'light' } = {}) => {
    const { subagentMcp, home } = stage()
    const opened: unknown = JSON.parse(await subagentMcp('ui', '--no-open', '--json'))
    const { address } = z.object({ address: z.string() }).parse(opened)
    const browser = await launchBrowser({ HOME: home.home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' })
    browsers.push(browser)
    const page = await browser.newPage({ viewport: { width, height }, colorScheme })
    page.setDefaultTimeout(await scaledToMachine(20_000))
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(address)
    return { page, browser, address, errors }
  }
}
