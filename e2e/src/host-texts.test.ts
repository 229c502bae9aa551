import { expect } from 'vitest'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import { testEachCli } from './each-provider.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage('fake')

/** How each host is run with one prompt. */
const hosts = {
  claude: {
    to: 'anthropic',
    tool: 'mcp__subagent-mcp__',
    line: [claudePath, '-p', '--output-format', 'stream-json', '--verbose'],
  },
  codex: {
    to: 'openai',
    tool: 'mcp__subagent_mcp.',
    line: [codexPath, 'exec', '--json', '--skip-git-repo-check'],
  },
  gemini: {
    to: 'gemini',
    tool: 'mcp_subagent-mcp_',
    line: [geminiPath, '--output-format', 'stream-json', '-p'],
  },
} as const

testEachCli(
  '[answer-data] %s gives its model the text of an answer, once, and no data',
  { locally: [] },
  async (name) => {
    const { to, tool, line } = hosts[name]
    const { model, run, subagentMcp, requireServer } = stage()
    await subagentMcp('setup', '--host', name, '--yes')
    if (name === 'codex') requireServer()
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    const prompt = '[[say: the "work" is done]]'
    model.script([
      {
        match: 'DELEGATE IT',
        to,
        steps: [
          { type: 'tool', tool: `${tool}launch_agent`, input: { ...launch, prompt } },
          { type: 'tool', tool: `${tool}wait`, input: {} },
        ],
      },
    ])
    await run([...line, 'DELEGATE IT'])
    const told = stage().model.requestsWith('turn 1 finished')
    expect(told.length).toBeGreaterThan(0)
    for (const body of told) {
      // Escaped once, by the request itself. Data in place of the text would be escaped twice.
      expect(
        body.match(/turn 1 finished in [^\\]*\\nthe \\"work\\" is done\\n\\nno agent is running/g),
      ).toHaveLength(1)
      expect(body).not.toMatch(/timedOut|outputSchema/)
    }
  },
)
