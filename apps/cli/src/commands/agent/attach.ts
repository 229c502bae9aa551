import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { describeThisMachine } from '@subagent-mcp/installer'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { newestAgentArgument, booleanArgSchema } from '../../command/arg-schemas.js'
import { formatAgentIdAndName, isAgentBusy } from '../../terminal/agent-lines.js'
import { listAgentsForWord, chooseNewestAgent } from '../../terminal/choose-agent.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { printJson, printRemarks, printResult } from '../../terminal/print.js'
import { formatShellLine } from '../../terminal/shell-quote.js'

/**
 * Ends an agent's process in the daemon, because two processes must not write to one conversation; then runs or prints the
 * command of its CLI that continues the conversation.
 */
export const attachCommand = defineDaemonCommand(
  {
    description: "Continue an agent's conversation yourself, in this terminal, in its own CLI such as claude",
    details: [
      'The agent stops first, so that only one program writes to the conversation. Without a terminal the command is printed instead.',
    ],
    examples: ['attach k3f9', 'attach reviewer --print'],
    words: { agent: newestAgentArgument },
    flags: {
      print: booleanArgSchema('Print the command that continues the conversation, and do not run it'),
      json: booleanArgSchema('Print the agent and the command as JSON, and do not run it'),
    },
  },
  async ({ agent: word, print, json }, { client, terminal }) => {
    const agent = chooseNewestAgent(await listAgentsForWord(word, client, terminal), word)
    checkAttachable(agent)
    const released = await client.release(agent.id)
    const { command } = released
    if (json) return printJson(terminal, released)
    if (!command) throw noCommand(agent)
    const text = formatShellLine(agent.cwd, command, process.platform)
    if (print || !terminal.ask || !terminal.stdout.size())
      return printResult(terminal, false, { text, data: {} })
    await printRemarks(terminal, [text])
    return runHere(command, agent.cwd)
  },
)

function checkAttachable(agent: AgentSummary): void {
  if (isAgentBusy(agent)) {
    const hint = `wait for it (subagent-mcp wait ${agent.id}), or kill it (subagent-mcp kill ${agent.id})`
    throw new SubagentError('not-supported', `${formatAgentIdAndName(agent)} is at work (${agent.status})`, {
      hint,
    })
  }
  if (agent.sessionId !== undefined) return
  const hint = `see why: subagent-mcp logs ${agent.id}`
  throw new SubagentError('not-supported', `${formatAgentIdAndName(agent)} never had a session`, { hint })
}

function noCommand(agent: AgentSummary): SubagentError {
  const hint = `continue it from here: subagent-mcp send ${agent.id} "<text>"`
  const message = `${agent.provider} has no command that continues session ${agent.sessionId ?? ''}`
  return new SubagentError('not-supported', message, { hint })
}

/** Runs the CLI of a provider on this terminal until it ends, and returns its exit code. @throws SubagentError when it cannot start */
function runHere([name = '', ...words]: readonly string[], cwd: string): Promise<number> {
  const file = describeThisMachine().executable(name)
  if (file === undefined) throw notStarted(name, 'it was not found')
  // The terminal sends Ctrl-C to both processes; only the CLI handles it.
  const ignore = (): void => undefined
  process.on('SIGINT', ignore)
  return new Promise<number>((resolve, reject) => {
    const child = spawn(file, words, { cwd, stdio: 'inherit' })
    child.once('error', (cause) => {
      reject(notStarted(name, cause.message))
    })
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  }).finally(() => process.off('SIGINT', ignore))
}

function notStarted(name: string, reason: string): SubagentError {
  const hint = 'subagent-mcp attach --print prints the command to run'
  return new SubagentError('not-installed', `cannot start ${name}: ${reason}`, { hint })
}
