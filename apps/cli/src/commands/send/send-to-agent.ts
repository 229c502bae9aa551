import type { Sent } from '@subagent-mcp/daemon'
import { definedVariables } from '../../defined-variables.js'
import { exitCode } from '../../exit.js'
import { agentHead } from '../../terminal/agent-words.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { untilDaemonEnds } from '../../terminal/daemon-end.js'
import { tellOutcomes } from '../../terminal/tell-outcomes.js'
import type { SendOrder } from './send-order.js'

/** Sends the message, and says what became of it. */
export async function sendToAgent(order: SendOrder, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const { json, steer } = order
  const { id } = chooseAgent(await client.agents(), order.word)
  const text = order.text === '-' ? await terminal.readInput() : order.text
  const environment = definedVariables(terminal.environment)
  const sent = await client.send(id, { text, steer, cwd: terminal.cwd, pid: process.pid, environment })
  if (order.wait) {
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
