import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { agentHead, isBusy } from '../../terminal/agent-lines.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { runHere } from '../../terminal/run-here.js'
import { shellLine } from '../../terminal/shell-quote.js'

/** How `attach` is called. */
export const attachSpec = commandSpec({
  description: "Continue an agent's session in its own CLI, in this terminal",
  details: ['The session is closed here first. Without a terminal the command is printed instead of run.'],
  words: { agent: text('agent', 'Id of the agent, the beginning of it, or its name') },
  flags: {
    print: toggle('Print the command instead of running it'),
    json: toggle('Print the agent and the command as JSON instead of running it'),
  },
})

/** Continues an agent's session in its own CLI. */
export const attach = defineCommand(attachSpec, (args) => atTerminal((desk) => attachToSession(args, desk)))

/** Closes the session here, so that no two processes write to it; then runs or prints the command of the CLI that continues it. */
export async function attachToSession(
  args: ArgsOf<typeof attachSpec>,
  { client, terminal }: Desk,
): Promise<number> {
  const { stdout, stderr } = terminal
  const agent = chooseAgent(await client.agents(), args.agent)
  checkAttachable(agent)
  const released = await client.release(agent.id)
  const { command } = released
  if (args.json) {
    await stdout.print(`${JSON.stringify(released, undefined, 2)}\n`)
    return exitCode.done
  }
  if (!command) throw noCommand(agent)
  const line = `${shellLine(agent.cwd, command, process.platform)}\n`
  if (args.print || !terminal.ask || !stdout.size()) {
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
