import { thorough } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { hasBrowser } from './browser.js'
import { daemonClient } from './home-daemons.js'
import { useBrowser, type PageLook } from './page-stage.js'
import { serverScript } from './mcp-host.js'
import { isSoak } from './rounds.js'
import { useServerStage } from './server-stage.js'

// Without Gemini, which the view of the machine would start twice each time.
const variables = { SUBAGENT_MCP_GEMINI_PATH: undefined }

const AxeResult = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
})

// Only CI starts a browser to find out.
const isRunnable = process.env['CI'] === 'true' && (await hasBrowser())

/** Searches on the page, and waits for a text that is found. */
async function findOnPage(page: Page, words: string): Promise<void> {
  await page.getByRole('link', { name: 'Search' }).click()
  await page.getByLabel('Words').fill(words)
  await page.getByLabel('Words').press('Enter')
  await page
    .getByRole('listitem')
    .filter({ has: page.locator('mark') })
    .first()
    .waitFor()
}

/** Opens a page of another origin on this machine, and checks that it neither reads nor changes anything. */
async function expectForeignPageFails(foreign: Page, elsewhere: string, origin: string): Promise<void> {
  await foreign.goto(elsewhere)
  const outcomes = await foreign.evaluate(async (target) => {
    const tries = [
      fetch(`${target}/`),
      fetch(`${target}/v1/agents`),
      fetch(`${target}/v1/page/session`, { method: 'POST', body: '{"code":"x"}' }),
      fetch(`${target}/v1/agents`, { headers: { authorization: 'Bearer x' } }),
    ]
    return (await Promise.allSettled(tries)).map(({ status }) => status)
  }, origin)
  expect(outcomes).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
  await foreign.setContent(`<iframe src="${origin}/"></iframe>`)
  await expect.poll(() => foreign.frames().length).toBe(2)
  expect(
    await foreign
      .frames()[1]
      ?.content()
      .catch(() => ''),
  ).not.toContain('id="root"')
}

describe.skipIf(!isRunnable)('the page, with agents on the real Claude', thorough, () => {
  const stage = useServerStage(variables, 'configured')
  const openPage = useBrowser(stage)

  test('[page] a person launches, follows, answers, sends, applies and kills, on the real Claude', async () => {
    await stage().configure({ ceiling: 'full-auto' })
    const { cwd } = stage().home
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd })
    git('init', '--quiet')
    writeFileSync(join(cwd, 'a.txt'), 'one\n')
    git('add', '.')
    git('commit', '--quiet', '--message', 'A')
    const { page, browser, errors, address } = await openPage()
    expect(page.url()).not.toContain('code')
    await page.getByText('no agent did anything').waitFor()
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByRole('button', { name: 'Launch' }).click()
    const form = page.getByRole('form', { name: 'Launch an agent' })
    await form
      .getByLabel('Task: the agent knows nothing else')
      .fill('[[tool: Bash {"command":"node -e 0; echo two > a.txt"}]] [[say: plums are ripe]]')
    await form.getByLabel('Name').fill('fruit')
    await form.getByLabel(/^Provider/).fill('claude')
    await form.getByLabel('May do without asking').selectOption('ask')
    await form.getByLabel(/In a copy/).check()
    await form.getByRole('button', { name: 'Launch' }).click()

    const question = page.getByRole('region', { name: /^Permission: Bash/ })
    await question.waitFor()
    expect(await question.textContent()).toContain('node -e 0; echo two > a.txt')
    await question.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('plums are ripe').first().waitFor()

    await page.getByRole('tab', { name: 'Changes' }).click()
    await page.getByText('+two').first().waitFor()
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('one\n')
    await page.getByRole('button', { name: 'Apply to the checkout' }).click()
    await page.getByText('Applied: 1 file.').waitFor()
    expect(readFileSync(join(cwd, 'a.txt'), 'utf8')).toBe('two\n')

    await page.getByRole('tab', { name: 'Transcript' }).click()
    await page.getByLabel('Message').fill('[[say: quinces too]]')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('quinces too').last().waitFor()
    await page.getByRole('button', { name: 'Kill' }).click()
    await page.getByRole('button', { name: 'Yes, kill it' }).click()
    await expect.poll(async () => await stage().subagentMcp('ps', '--json')).not.toContain('"alive":true')
    expect(errors).toEqual([])

    // The code of the address was used, and a second use closes the page.
    const other = await browser.newPage()
    await other.goto(address)
    await other.getByText(/was used before/).waitFor()
  })

  test('[page] a person reads mail, and an answer of ten megabytes in one line stops nothing', async () => {
    await stage().configure({})
    const { mail } = daemonClient(stage().home.home)
    await expect.poll(async () => (await mail.agents()).length).toBeGreaterThan(0)
    const [{ name: to } = { name: '' }] = await mail.agents()
    const body = 'the <b>plums</b> are ripe \u202E'
    await mail.send({ from: { name: 'ann' }, to, body })
    const line = 'x'.repeat(10_000_000)
    stage().model.script([{ match: 'Write much', steps: [{ type: 'say', text: line }] }])
    await stage().launch('Write much', { name: 'much' })
    await stage().host.call('wait')
    const { page, errors } = await openPage()
    await page.getByRole('link', { name: 'Mail' }).click()
    await page.locator('.threads a').first().click()
    await page.getByText('the <b>plums</b> are ripe').first().waitFor()
    expect(await page.locator('main').innerText()).not.toContain('\u202E')
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByText('much').first().click()
    await page
      .getByText(/x{100}/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: 'Machine' }).click()
    await page.getByRole('heading', { name: 'Machine' }).waitFor()
    expect(errors).toEqual([])
  })
})

describe.skipIf(!isRunnable)('the page', thorough, () => {
  const stage = useServerStage(variables, 'daemon', 'fake')
  const openPage = useBrowser(stage)

  test('[page] what an agent writes is text: no markup, link, address or control character of it has an effect; nor has a page of another origin', async () => {
    const hostile =
      '<img src=x onerror="document.title=1"><script>document.title=2</script> [click](javascript:alert(1)) ' +
      '![p](http://127.0.0.1:9/leak.png) [far](https://evil.example/) \u202Egnp.exe \u001b[31mred\u001b[0m \u0007'
    await stage().launch(`[[say: ${hostile} end of it]]`, { name: '<b onclick=x>bold</b>\u202E' })
    await stage().host.call('wait')
    const { page, browser, errors, address } = await openPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.getByText('<b onclick=x>bold</b>').first().waitFor()
    await findOnPage(page, 'end of it')
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByText('<b onclick=x>bold</b>').first().click()
    await page.locator('.markdown', { hasText: 'end of it' }).first().waitFor()
    expect(await page.title()).toBe('Agents · subagent-mcp')
    expect(await page.locator('main img, main script, main iframe, main b, main [onclick]').count()).toBe(0)
    const text = await page.locator('main').innerText()
    for (const mark of ['\u202E', '\u001b', '\u0007']) expect(text).not.toContain(mark)
    const own = new URL(page.url()).origin
    expect(asked.filter((url) => !url.startsWith(own))).toEqual([])
    expect(await page.locator('main a[href^="javascript:" i]').count()).toBe(0)
    expect(errors).toEqual([])
    await expectForeignPageFails(await browser.newPage(), stage().model.url, new URL(address).origin)
  })

  test('[page] axe finds nothing serious, wide and narrow, in light and in dark', async () => {
    await stage().launch(
      '[[tool: Read {"file_path":"/etc/hostname"}]] [[say: # Plums\n\n- ripe\n\n`code`]]',
      { name: 'fruit' },
    )
    await stage().host.call('wait')
    let browser: Browser | undefined
    for (const look of looks) {
      const opened = await openPage({ ...look, ...(browser && { browser }) })
      browser = opened.browser
      await checkViews(opened.page, look)
      await opened.page.context().close()
    }
  })
})

const [wide, narrow] = [
  { width: 1_440, height: 900 },
  { width: 390, height: 844 },
]
/** The looks of the page that are checked. The soak checks both widths in both schemes. */
const looks: readonly PageLook[] = [
  { ...wide, colorScheme: 'light' },
  { ...narrow, colorScheme: 'dark' },
  ...(isSoak
    ? ([
        { ...wide, colorScheme: 'dark' },
        { ...narrow, colorScheme: 'light' },
      ] as const)
    : []),
]

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Runs axe in every view of the page. */
async function checkViews(page: Page, look: PageLook): Promise<void> {
  await page.evaluate(axe)
  await page.getByRole('link', { name: 'Agents' }).click()
  await page.getByText('fruit').first().click()
  await page.getByText('ripe').first().waitFor()
  for (const view of ['Agents', 'Recap', 'Permissions', 'Mail', 'Usage', 'Search', 'Machine']) {
    if (view !== 'Agents') await page.getByRole('link', { name: view, exact: true }).click()
    if (view === 'Recap')
      await page
        .getByText(/^1 turn|: 1 turn/)
        .first()
        .waitFor()
    if (view === 'Search') await findOnPage(page, 'plums')
    if (view === 'Usage') await page.getByRole('row', { name: /^claude 1/ }).waitFor()
    if (view === 'Usage') await page.locator('.plot canvas').waitFor()
    const { violations } = AxeResult.parse(await page.evaluate('axe.run()'))
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect([look, view, serious]).toEqual([look, view, []])
  }
}

test('[page] what the browser loads first is at most 150 kB, compressed', thorough, () => {
  const folder = join(dirname(serverScript), '..', 'dashboard')
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = [...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path = '']) =>
    join(folder, path),
  )
  expect(files.length).toBeGreaterThan(1)
  const bytes = [index, ...files.map((path) => readFileSync(path))].map((content) => gzipSync(content).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000)
})
