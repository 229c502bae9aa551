import { untilTrue } from '@subagent-mcp/testkit/patience'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { launchBrowser } from '../browser.js'
import { daemonClient } from '../home-daemons.js'
import { serverEnvironment } from '../server-stage.js'
import type { Stage } from './scenes.js'

const looks = [
  { name: 'wide', width: 1_440, height: 900 },
  { name: 'narrow', width: 390, height: 844 },
] as const

const sum = (operator: string): string => `export const sum = (a: number, b: number) => a ${operator} b\n`

/** Photographs the page with five agents, wide and narrow, light and dark. Returns the names of the files. */
export async function photographPage(stage: Stage, folder: string): Promise<string[]> {
  const { cwd } = stage.home
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd })
  git('init', '--quiet')
  writeFileSync(join(cwd, 'sum.ts'), sum('-'))
  git('add', '.')
  git('commit', '--quiet', '--message', 'A sum')
  await startAgents(stage)
  const names: string[] = []
  for (const { name, ...viewport } of looks)
    for (const colorScheme of ['light', 'dark'] as const) {
      const file = `page-${name}-${colorScheme}.png`
      writeFileSync(join(folder, file), await photograph(stage, { viewport, colorScheme }))
      names.push(file)
    }
  return names
}

async function startAgents(stage: Stage): Promise<void> {
  await stage.subagentMcp('daemon', 'start')
  const { home, cwd } = stage.home
  const client = daemonClient(home)
  const environment = serverEnvironment(stage.home, {})
  const change = JSON.stringify({ command: `echo ${JSON.stringify(sum('+').trim())} > sum.ts` })
  const publish = JSON.stringify({ command: 'npm publish --dry-run' })
  const tasks = [
    ['Review the parser', 'claude', '[[say: The parser has no tests for empty input. I would add three.]]'],
    ['Read the security notes', 'codex', '[[say: Nothing found that a stranger could use.]]'],
    ['Fix sum', 'claude', `[[tool: Bash ${change}]] [[say: \`sum\` subtracted. It adds now.]]`],
    [
      'Update dependencies',
      'claude',
      '[[say: Counting what is out of date]] [[tool: Read {"file_path":"sum.ts"}]] [[hang]]',
    ],
    ['Prepare the release', 'claude', `[[tool: Bash ${publish}]] [[say: ready]]`],
  ] as const
  for (const [name, provider, prompt] of tasks) {
    const isolation = name === 'Fix sum' ? ({ isolation: 'worktree' } as const) : {}
    const { agent } = await client.launch({ environment, cwd, name, provider, prompt, ...isolation })
    if (name === 'Fix sum') await allowAll(stage, agent.id)
  }
  await untilTrue(
    async () => (await client.agents()).filter(({ status }) => status === 'finished').length === 3,
  )
  await untilTrue(async () => (await client.permissions()).length === 1)
}

/** Allows what an agent asks until it has finished. */
async function allowAll(stage: Stage, agentId: string): Promise<void> {
  const client = daemonClient(stage.home.home)
  await untilTrue(async () => {
    const requests = (await client.permissions()).filter((request) => request.agentId === agentId)
    for (const { requestId } of requests) await client.answer(agentId, { requestId, decision: 'allow' })
    return (await client.agent(agentId)).agent.status === 'finished'
  })
}

type Look = { viewport: { width: number; height: number }; colorScheme: 'light' | 'dark' }

async function photograph(stage: Stage, look: Look): Promise<Buffer> {
  const opened: unknown = JSON.parse(await stage.subagentMcp('ui', '--no-open', '--json'))
  const { address } = z.object({ address: z.string() }).parse(opened)
  const browser = await launchBrowser({ HOME: stage.home.home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' })
  try {
    const page = await browser.newPage(look)
    await page.goto(address)
    await page.getByRole('link', { name: 'Agents' }).click()
    await page.getByText('Fix sum').first().click()
    await page.getByRole('tab', { name: 'Changes' }).click()
    await page.getByText('a + b').first().waitFor()
    return await page.screenshot()
  } finally {
    await browser.close()
  }
}
