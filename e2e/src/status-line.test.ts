import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { inHost, say, terminalHosts, toolSteps } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')

test(
  '[status-line] Claude shows how many agents of its session work and have a result, and nothing once it is read',
  thorough,
  async () => {
    const { model, home, subagentMcp } = stage()
    // Otherwise Claude would be woken, and read the result at once.
    writeUserConfig(home.home, { wake: { maxTurns: 0 } })
    const { to } = terminalHosts.claude
    const { launch, wait } = toolSteps('claude')
    const work = launch('[[gate: work]] [[say: the work is done]]')
    model.script([
      { match: 'DELEGATE IT', to, steps: [work, work, say('both are launched')] },
      { match: 'WHAT NOW', to, steps: [wait, say('all results are read')] },
    ])
    await subagentMcp('setup', '--host', 'claude', '--status-line', 'yes', '--yes')
    await inHost(stage(), 'claude', async ({ type, screen }) => {
      expect(screen()).not.toContain('at work')
      await type('DELEGATE IT')
      await expect.poll(screen).toContain('2 agents at work')
      await expect.poll(screen).toContain('both are launched')
      model.release('work')
      await expect.poll(screen).toContain('2 results')
      expect(screen()).not.toContain('at work')
      await type('WHAT NOW')
      await expect.poll(screen).toContain('all results are read')
      await expect.poll(screen).not.toContain('2 results')
    })
  },
)
