import { defineAgent, thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { inHost, say, terminalHosts, type OpenHost, type TerminalHost } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

const taskIn = /launch the sub-agent reviewer .*Task:/
const nothing = /Tell me: no sub-agent runs now/

/** What the model says to the commands of these tests. */
function script(host: TerminalHost): void {
  const { to } = terminalHosts[host]
  stage().model.script([
    { match: 'HELLO', to, steps: [say('good morning')] },
    { match: 'launch the sub-agent reviewer', to, steps: [say('it is launched')] },
    { match: 'no sub-agent runs now', to, steps: [say('none of them runs')] },
  ])
}

/** Enters a command, whose completion the host shows while it is typed. */
async function enter(terminal: OpenHost, command: string, completion: string): Promise<void> {
  terminal.press(command)
  await expect.poll(terminal.screen).toContain(completion)
  terminal.press('\t')
  await expect.poll(terminal.screen).not.toContain(completion)
}

test(
  '[slash-commands] Claude has a command for an agent that is defined while it is open, and one for what runs',
  thorough,
  async () => {
    script('claude')
    await stage().subagentMcp('daemon', 'start')
    await inHost(stage(), 'claude', async (terminal) => {
      await enter(terminal, '/subagents', '/subagent-mcp:subagents (MCP)')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('none of them runs')
      expect(stage().model.requestsWith(nothing)).not.toEqual([])
      defineAgent(stage().home.cwd, { name: 'reviewer', provider: 'claude' })
      await enter(terminal, '/reviewer', '/subagent-mcp:reviewer (MCP)')
      terminal.press('look at the tests')
      await expect.poll(terminal.screen).toContain('look at the tests')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(stage().model.requestsWith(taskIn)[0]).toContain(
        '<command-args>look at the tests</command-args>',
      )
    })
  },
)

test(
  '[slash-commands] Gemini has a command for each defined agent, and one for what runs',
  thorough,
  async () => {
    script('gemini')
    defineAgent(stage().home.cwd, { name: 'reviewer', provider: 'claude' })
    await inHost(stage(), 'gemini', async (terminal) => {
      await terminal.type('HELLO')
      await expect.poll(terminal.screen).toContain('good morning')
      // Gemini may miss the prompts of a server that connects while it starts.
      await terminal.type('/mcp reload')
      await expect.poll(terminal.screen).toContain('- subagents')
      await terminal.type('/reviewer look at the tests')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(stage().model.requestsWith(taskIn)[0]).toMatch(/Task:[\\]+nlook at the tests/)
      await enter(terminal, '/subagents', 'Show which sub-agents run now')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('none of them runs')
      expect(stage().model.requestsWith(nothing)).not.toEqual([])
    })
  },
)
