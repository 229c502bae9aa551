import { scaledToMachine } from '@subagent-mcp/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterEach } from 'vitest'
import { z } from 'zod'
import { launchBrowser } from './browser.js'
import type { ServerStage } from './server-stage.js'

/** An open page of `subagent-mcp ui` in a browser of its own, which ends with the test. */
export type OpenPage = { page: Page; browser: Browser; address: string; errors: readonly string[] }

/** How the page is shown, and in which browser. Default: 1440 by 900 pixels, light, in a browser of its own. */
export type PageLook = { width?: number; height?: number; colorScheme?: 'light' | 'dark'; browser?: Browser }

/**
 * Returns a function that opens the page as a person does, by the address that the command prints. The browsers end with
 * the test. `errors` has what the browser complains about.
 */
export function useBrowser(
  stage: () => Pick<ServerStage, 'subagentMcp' | 'home'>,
): (look?: PageLook) => Promise<OpenPage> {
  const browsers: Browser[] = []
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close()
  })
  const launch = async (HOME: string): Promise<Browser> => {
    const browser = await launchBrowser({ HOME, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' })
    browsers.push(browser)
    return browser
  }
  return async ({ width = 1_440, height = 900, colorScheme = 'light', ...given } = {}) => {
    const { subagentMcp, home } = stage()
    const opened: unknown = JSON.parse(await subagentMcp('ui', '--no-open', '--json'))
    const { address } = z.object({ address: z.string() }).parse(opened)
    const browser = given.browser ?? (await launch(home.home))
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
