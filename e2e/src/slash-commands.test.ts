import { defineAgent, thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { openHost, terminalHosts, type OpenHost, type TerminalHost } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()

/** The texts that the host's model got, with a command's prompt in them. */
function asked(text: RegExp): readonly string[] {
  return stage()
    .model.requests.map(({ bodyText }) => bodyText)
    .filter((body) => text.test(body))
}

const taskIn = /launch the sub-agent reviewer .*Task:/
const nothing = /Tell me: no sub-agent runs now/

/** What the model says to the commands of these tests. */
function script(host: TerminalHost): void {
  const { to } = terminalHosts[host]
  stage().model.script([
    { match: 'HELLO', to, steps: [{ type: 'say', text: 'good morning' }] },
    { match: 'launch the sub-agent reviewer', to, steps: [{ type: 'say', text: 'it is launched' }] },
    { match: 'no sub-agent runs now', to, steps: [{ type: 'say', text: 'none of them runs' }] },
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
    const terminal = await openHost(stage(), 'claude')
    try {
      await enter(terminal, '/subagents', '/subagent-mcp:subagents (MCP)')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('none of them runs')
      expect(asked(nothing)).not.toEqual([])
      defineAgent(stage().home.cwd, { name: 'reviewer', provider: 'claude' })
      await enter(terminal, '/reviewer', '/subagent-mcp:reviewer (MCP)')
      terminal.press('look at the tests')
      await expect.poll(terminal.screen).toContain('look at the tests')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(asked(taskIn)[0]).toContain('<command-args>look at the tests</command-args>')
    } finally {
      await terminal.close()
    }
  },
)

test(
  '[slash-commands] Gemini has a command for each defined agent, and one for what runs',
  thorough,
  async () => {
    script('gemini')
    defineAgent(stage().home.cwd, { name: 'reviewer', provider: 'claude' })
    const terminal = await openHost(stage(), 'gemini')
    try {
      await terminal.type('HELLO')
      await expect.poll(terminal.screen).toContain('good morning')
      // Gemini may miss the prompts of a server that connects while it starts.
      await terminal.type('/mcp reload')
      await expect.poll(terminal.screen).toContain('- subagents')
      await terminal.type('/reviewer look at the tests')
      await expect.poll(terminal.screen).toContain('it is launched')
      expect(asked(taskIn)[0]).toMatch(/Task:[\\]+nlook at the tests/)
      await enter(terminal, '/subagents', 'Show which sub-agents run now')
      terminal.press('\r')
      await expect.poll(terminal.screen).toContain('none of them runs')
      expect(asked(nothing)).not.toEqual([])
    } finally {
      await terminal.close()
    }
  },
)
