import {
  ProtocolError,
  ProtocolErrorCode,
  type GetPromptResult,
  type McpServer,
  type Prompt,
} from '@modelcontextprotocol/server'
import type { ListedAgent } from '@subagent-mcp/api'
import { isEnded } from '@subagent-mcp/core'
import { maskSecrets } from '@subagent-mcp/permissions'
import { describeInOneLine } from './answers/describe-agent.js'
import { firstLine } from './answers/cut-text.js'
import type { HostInfo } from './forms/host-info.js'
import type { McpPort } from './ports/mcp-port.js'

/** The prompt that shows which sub-agents run. An agent of this name has no prompt. */
const running: Prompt = { name: 'subagents', description: 'Show which sub-agents run now' }

const longestDescription = 200

/**
 * The prompts of a caller, which hosts show as slash commands: one for each usable definition, and one that lists running agents.
 */
export function promptsFor(definitions: readonly ListedAgent[]): readonly Prompt[] {
  const agents = definitions.filter(({ name, problem }) => problem === undefined && name !== running.name)
  return [
    running,
    ...agents.map(({ name, description }) => ({
      name,
      description: firstLine(description, longestDescription) || `Have the sub-agent ${name} do a task`,
      arguments: [{ name: 'task', description: 'What it shall do', required: true }],
    })),
  ]
}

type Prompted = {
  port: McpPort
  caller: string
  client: Pick<HostInfo, 'name'>
  offer: { prompts(): readonly Prompt[] }
}

/** Registers the methods with which hosts list prompts and get their texts. */
export function servePrompts({ server }: McpServer, caller: Prompted): void {
  const { offer } = caller
  server.setRequestHandler('prompts/list', () => ({ prompts: [...offer.prompts()] }))
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: { task = '' } = {} } }) => {
    if (!offer.prompts().some((prompt) => prompt.name === name))
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `there is no prompt '${name}': see prompts/list`,
      )
    return said(name === running.name ? runningText(caller) : taskText(name, task.trim(), caller))
  })
}

function said(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] }
}

function taskText(agent: string, task: string, { client }: Prompted): string {
  const launch = `launch the sub-agent ${agent} (launch_agent with agent: ${JSON.stringify(agent)})`
  if (task === '') return `Ask me for a task. Then ${launch} with it, and wait for its report.`
  const whole = client.name() === 'claude-code' ? wholeTask : ''
  return `Please ${launch} with the task below, word for word, and wait for its report.${whole} Task:\n${task}`
}

/** Claude Code 2.1.329 passes only the first word of an argument, but shows its model all words. */
const wholeTask = ' If the <command-args> say more, the whole task is what they say.'

function runningText({ port, caller, client }: Prompted): string {
  const lines = port.agents
    .list()
    .filter((agent) => !isEnded(agent))
    .map((agent) => describeInOneLine(agent, { ...port, caller, client: client.name() }))
  if (lines.length === 0) return 'Tell me: no sub-agent runs now.'
  return `Tell me in short what my sub-agents do, from these lines:\n${maskSecrets(lines.join('\n'))}`
}
