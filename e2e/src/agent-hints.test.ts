import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { testEachCli } from './each-provider.js'
import { inHost, say, terminalHosts, toolSteps } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')

const hint = '1 sub-agent has finished: call `wait` of subagent-mcp'

testEachCli(
  '[told-at-prompt] an idle %s session learns at its next prompt that its agent has finished, and gets the report once',
  { locally: ['claude'] },
  async (name) => {
    const { model, home } = stage()
    // Otherwise Claude would be woken before the prompt.
    writeUserConfig(home.home, { wake: { maxTurns: 0 } })
    const { to } = terminalHosts[name]
    const { launch, wait } = toolSteps(name)
    const work = launch('[[gate: work]] [[say: the work is done]]')
    model.script([
      { match: 'DELEGATE IT', to, steps: [work, say('it is launched')] },
      { match: 'WHAT NOW', to, steps: [wait, say('all results are read')] },
    ])
    await inHost(stage(), name, async (terminal) => {
      await terminal.type('DELEGATE IT')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(existsSync(hints())).toBe(false)
      model.release('work')
      await expect.poll(() => existsSync(hints())).toBe(true)
      await terminal.type('WHAT NOW')
      await expect.poll(terminal.screen).toContain('all results are read')
      const bodies = stage().model.requestsWith('WHAT NOW')
      expect(bodies[0]).toContain(hint)
      expect(bodies.at(-1)).toContain('turn 1 finished')
      await expect.poll(() => existsSync(hints())).toBe(false)
    })
  },
)

/** The file by which hooks know of waiting agents. */
function hints(): string {
  return join(stage().home.home, '.subagent-mcp/agents.json')
}
