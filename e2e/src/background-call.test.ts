import { thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { claudePath } from './cli-paths.js'
import { useHostStage } from './host-stage.js'
import { serverEnvironment } from './server-stage.js'

const stage = useHostStage('fake')
const tool = (name: string, input: object) => ({
  type: 'tool' as const,
  tool: `mcp__subagent-mcp__${name}`,
  input,
})

test(
  '[woken-by-call] a blocking wait of `claude -p` continues in the background and wakes it with the report',
  thorough,
  async () => {
    const { model, home, subagentMcp } = stage()
    await subagentMcp('setup', '--host', 'claude', '--yes')
    const launch = {
      ...{ task_category: 'mechanical', provider: 'claude', model: 'sonnet' },
      prompt: '[[gate: work]] [[say: the work is done]]',
    }
    model.script([
      {
        match: 'DELEGATE IT',
        to: 'anthropic',
        steps: [tool('launch_agent', launch), tool('wait', {}), { type: 'say', text: 'it is launched' }],
      },
      { match: 'turn 1 finished', to: 'anthropic', steps: [{ type: 'say', text: 'all results are read' }] },
    ])
    const args = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose']
    const claude = execa(claudePath, args, {
      cwd: home.cwd,
      env: serverEnvironment(home, {
        CLAUDE_CODE_MCP_STARTUP_WAIT_MS: '600000',
        CLAUDE_AUTO_BACKGROUND_TASKS: '1',
        CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: '500',
      }),
      extendEnv: false,
    })
    let said = ''
    claude.stdout.on('data', (piece: Buffer) => (said += String(piece)))
    const prompt = { type: 'user', message: { role: 'user', content: 'DELEGATE IT' } }
    claude.stdin.write(`${JSON.stringify(prompt)}\n`)
    await expect.poll(() => said).toContain('it is launched')
    model.release('work')
    await expect.poll(() => said).toContain('all results are read')
    claude.stdin.end()
    await claude
    const told = model.requests.filter(({ bodyText }) => bodyText.includes('NOT USER INPUT'))
    expect(told[0]?.bodyText.includes('turn 1 finished')).toBe(true)
  },
)
