import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { testEachCli } from './each-provider.js'
import { openHost, terminalHosts } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage()

const hint = '1 sub-agent has finished: call `wait` of subagent-mcp'

testEachCli(
  '[told-at-prompt] an idle %s session learns at its next prompt that its agent has finished, and gets the report once',
  { locally: ['claude'] },
  async (name) => {
    const { model, home } = stage()
    // Otherwise Claude would be woken before the prompt.
    writeUserConfig(home.home, { wake: { maxTurns: 0 } })
    const { to, tool } = terminalHosts[name]
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    const prompt = '[[gate: work]] [[say: the work is done]]'
    model.script([
      {
        match: 'DELEGATE IT',
        to,
        steps: [
          { type: 'tool', tool: `${tool}launch_agent`, input: { ...launch, prompt } },
          { type: 'say', text: 'it is launched' },
        ],
      },
      {
        match: 'WHAT NOW',
        to,
        steps: [
          { type: 'tool', tool: `${tool}wait`, input: {} },
          { type: 'say', text: 'all results are read' },
        ],
      },
    ])
    const terminal = await openHost(stage(), name)
    try {
      await terminal.type('DELEGATE IT')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(existsSync(hints())).toBe(false)
      model.release('work')
      await expect.poll(() => existsSync(hints())).toBe(true)
      await terminal.type('WHAT NOW')
      await expect.poll(terminal.screen).toContain('all results are read')
      const bodies = model.requests
        .map(({ bodyText }) => bodyText)
        .filter((body) => body.includes('WHAT NOW'))
      expect(bodies[0]).toContain(hint)
      expect(bodies.at(-1)).toContain('turn 1 finished')
      await expect.poll(() => existsSync(hints())).toBe(false)
    } finally {
      await terminal.close()
    }
  },
)

/** The file by which hooks know of waiting agents. */
function hints(): string {
  return join(stage().home.home, '.subagent-mcp/agents.json')
}
