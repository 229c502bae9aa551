import { SubagentError } from '@subagent-mcp/contract'
import type { AgentSummary } from '@subagent-mcp/core'
import { exitCode } from '../../exit.js'
import { agentHead, isBusy } from '../../terminal/agent-words.js'
import type { Desk } from '../../terminal/at-terminal.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { runHere } from '../../terminal/run-here.js'
import { shellLine } from '../../terminal/shell-quote.js'
import type { AttachOrder } from './attach-order.js'

/** Closes the session here, so that no two processes write to it; then its own CLI goes on with it, or is named. */
export async function attachToSession(order: AttachOrder, { client, terminal }: Desk): Promise<number> {
  const { stdout, stderr } = terminal
  const agent = chooseAgent(await client.agents(), order.word)
  checkAttachable(agent)
  const released = await client.release(agent.id)
  const { command } = released
  if (order.json) {
    await stdout.print(`${JSON.stringify(released, undefined, 2)}\n`)
    return exitCode.done
  }
  if (!command) throw noCommand(agent)
  const line = `${shellLine(agent.cwd, command, process.platform)}\n`
  if (order.print || !terminal.ask || !stdout.size()) {
    await stdout.print(line)
    return exitCode.done
  }
  await stderr.print(stderr.paint('dim', line))
  return runHere(command, agent.cwd)
}

function checkAttachable(agent: AgentSummary): void {
  if (isBusy(agent)) {
    const hint = `wait for it (subagent-mcp wait ${agent.id}), or kill it`
    throw new SubagentError('not-supported', `${agentHead(agent)} is at work (${agent.status})`, { hint })
  }
  if (agent.sessionId !== undefined) return
  const hint = `see why: subagent-mcp logs ${agent.id}`
  throw new SubagentError('not-supported', `${agentHead(agent)} never had a session`, { hint })
}

function noCommand(agent: AgentSummary): SubagentError {
  const hint = `go on here: subagent-mcp send ${agent.id} "<text>"`
  const message = `${agent.provider} has no command that goes on with session ${agent.sessionId ?? ''}`
  return new SubagentError('not-supported', message, { hint })
}
