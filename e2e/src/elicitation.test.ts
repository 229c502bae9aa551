import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { readAuditLog } from './audit-log.js'
import { claudePath, codexPath } from './cli-paths.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

/** For each host, the dialect of its model and the prefix of our tools there. */
const hosts = {
  claude: { to: 'anthropic', tool: 'mcp__subagent-mcp__' },
  codex: { to: 'openai', tool: 'mcp__subagent_mcp.' },
} as const

/** Sets a host up, and scripts its model to launch an agent that asks for a permission, and to wait for it. */
async function prepare(host: keyof typeof hosts): Promise<void> {
  await stage().subagentMcp('setup', '--host', host, '--yes')
  if (host === 'codex') stage().requireServer()
  const { to, tool } = hosts[host]
  const prompt = '[[tool: Bash {"command":"touch made"}]] [[say: went on]]'
  const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt }
  const steps = [
    { type: 'tool', tool: `${tool}launch_agent`, input: launch },
    { type: 'tool', tool: `${tool}wait`, input: {} },
  ] as const
  stage().model.script([{ match: 'DELEGATE IT', to, steps }])
}

/** The command line of each host without a user. */
const withoutUser = [
  ['claude', [claudePath, '-p', 'DELEGATE IT']],
  ['codex', [codexPath, 'exec', '--skip-git-repo-check', 'DELEGATE IT']],
] as const

for (const [host, line] of withoutUser)
  test(`[host-forms] ${host} without a user: its model gets the question immediately`, thorough, async () => {
    await prepare(host)
    const { stdout } = await stage().run(line)
    expect(stdout).toContain('asks permission')
    expect(await readAuditLog(stage())).toEqual(['asked'])
  })
