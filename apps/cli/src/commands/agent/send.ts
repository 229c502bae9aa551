import type { SendMessageAnswer } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import {
  agentArgument,
  fileFlag,
  remainingWordsArgSchema,
  booleanArgSchema,
} from '../../command/arg-schemas.js'
import { formatAgentIdAndName } from '../../terminal/agent-lines.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { describeTerminalCaller, resolveTypedFiles } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import { budgetFlags, splitBudgetOptions } from './budget-flags.js'
import { printAgentOutcomes } from './print-outcomes.js'

export const sendCommand = defineDaemonCommand(
  {
    description: 'Send a further task or message to an agent that you launched, also to one that has ended',
    examples: ['send k3f9 "now run the tests"', 'send reviewer "look at src/ too" --wait'],
    words: {
      agent: agentArgument,
      text: remainingWordsArgSchema('The message for the agent; - reads it from stdin').min(1),
    },
    flags: {
      file: fileFlag,
      steer: booleanArgSchema(
        'Let an agent at work read the message now, if its CLI can, instead of after its turn',
      ),
      ...budgetFlags,
      wait: booleanArgSchema('Wait until the agent has answered, and print the answer'),
      json: booleanArgSchema(
        'Print what happened to the message as JSON instead of text; with --wait the answer too',
      ),
    },
  },
  async (args, context) => {
    const { budget, rest } = splitBudgetOptions(args)
    const { agent, text: words, file, steer, wait, json } = rest
    const { client, terminal } = context
    const { id } = chooseAgent(await client.agents(), agent)
    const text = await readTextArgument({ text: words.join(' '), name: 'text' }, terminal)
    const sent = await client.send(id, {
      text,
      ...resolveTypedFiles(file, terminal),
      steer,
      ...describeTerminalCaller('.', terminal),
      pid: process.pid,
      ...omitUndefined({ budget }),
    })
    if (!wait) return printResult(terminal, json, { text: describeSentMessage(sent), data: sent })
    if (!json) await terminal.stderr.print(`${describeSentMessage(sent)}\n`)
    return printAgentOutcomes({ agentIds: [id], until: 'all', timeoutSeconds: undefined, json }, context)
  },
)

/** Describes in one line what happens to a message that was sent to an agent. */
export function describeSentMessage({ agent, outcome, position, lack }: SendMessageAnswer): string {
  const label = formatAgentIdAndName(agent)
  const place = position === undefined ? '' : `, number ${position} in line`
  const waiting = lack === undefined ? '' : `, as soon as there is room: ${lack}${place}`
  switch (outcome) {
    case 'started':
      return `${label} started a turn${waiting}`
    case 'resumed':
      return `${label} is resumed on its session${waiting}`
    case 'steered':
      return `${label} gets it into its running turn`
    case 'queued':
      return `${label} is busy: the message is queued${place}`
  }
}
