import { scaledToMachine } from '@subagent-mcp/testkit'
import { chromium, type Browser } from 'playwright-core'
import { existsSync } from 'node:fs'

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

/** Starts a Chromium without a window. @throws Error if there is none, or if it does not start */
export async function launchBrowser(env: NodeJS.ProcessEnv): Promise<Browser> {
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
