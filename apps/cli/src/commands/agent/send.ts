import type { Sent } from '@subagent-mcp/api'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle, restWords } from '../../command/values.js'
import { definedVariables } from '../../defined-variables.js'
import { exitCode } from '../../exit.js'
import { agentHead } from '../../terminal/agent-lines.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { untilDaemonEnds } from './daemon-end.js'
import { tellOutcomes } from './print-outcomes.js'

/** How `send` is called. */
export const sendSpec = commandSpec({
  description: 'Send a message to an agent; a closed session is resumed for it',
  words: {
    agent: text('agent', 'Id of the agent, the beginning of it, or its name'),
    text: restWords('The message; - reads it from stdin').min(1),
  },
  flags: {
    steer: toggle(
      'Put it into the running turn if the CLI can do that; otherwise it waits for the next turn',
    ),
    wait: toggle('Wait until the agent is done, and print its answer'),
    json: toggle('Print as JSON what became of the message; with --wait the outcome'),
  },
})

/** Sends a message to an agent. */
export const send = defineCommand(sendSpec, (args) => atTerminal((desk) => sendToAgent(args, desk)))

/** Sends the message, and says what became of it. */
export async function sendToAgent(args: ArgsOf<typeof sendSpec>, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const { json, steer } = args
  const typed = args.text.join(' ')
  const { id } = chooseAgent(await client.agents(), args.agent)
  const text = typed === '-' ? await terminal.readInput() : typed
  const environment = definedVariables(terminal.environment)
  const sent = await client.send(id, { text, steer, cwd: terminal.cwd, pid: process.pid, environment })
  if (args.wait) {
    if (!json) await terminal.stderr.print(`${sentText(sent)}\n`)
    const agentIds = [id]
    return untilDaemonEnds({ agentIds, code: exitCode.agentFailed }, desk, () =>
      tellOutcomes({ agentIds, until: 'all', timeoutSeconds: undefined, json }, desk),
    )
  }
  await terminal.stdout.print(json ? `${JSON.stringify(sent, undefined, 2)}\n` : `${sentText(sent)}\n`)
  return exitCode.done
}

function sentText({ agent, outcome, position, lack }: Sent): string {
  const head = agentHead(agent)
  const place = position === undefined ? '' : `, number ${position} in line`
  const waiting = lack === undefined ? '' : `, as soon as there is room: ${lack}${place}`
  switch (outcome) {
    case 'started':
      return `${head} started a turn${waiting}`
    case 'resumed':
      return `${head} is resumed on its session${waiting}`
    case 'steered':
      return `${head} gets it into its running turn`
    case 'queued':
      return `${head} is busy: the message is queued${place}`
  }
}
