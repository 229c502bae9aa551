import type { AgentSummary } from '@subagent-mcp/api'
import { projectOf } from '@subagent-mcp/driver-kit'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { timeSpan, toggle, restWords } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { isBusy } from '../../terminal/agent-lines.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgents } from '../../terminal/choose-agent.js'
import { untilDaemonEnds } from './daemon-end.js'
import { tellOutcomes } from './print-outcomes.js'

/** How `wait` is called. */
export const waitSpec = commandSpec({
  description: 'Wait until agents are done, and print their answers',
  details: [
    'Exits 0 if all finished, 3 if one failed, 4 if one asks for a permission, 124 if the time is over.',
  ],
  words: { agents: restWords('Ids or names of agents (default: all that run in this project)') },
  flags: {
    any: toggle('Return when one of them is done'),
    timeout: timeSpan('Give up after this time, as in 90s or 15m (default: never)').exactOptional(),
    json: toggle('Print the outcome and the answers as JSON'),
  },
})

/** Waits for agents. */
export const wait = defineCommand(waitSpec, (args) => atTerminal((desk) => waitForAgents(args, desk)))

type WaitArgs = ArgsOf<typeof waitSpec>

/** Waits, and prints what came of the agents. */
export async function waitForAgents(args: WaitArgs, desk: Desk): Promise<number> {
  const { any, timeout: timeoutSeconds, json } = args
  const until = any ? 'any' : 'all'
  const agentIds = (await meantAgents(args, desk)).map(({ id }) => id)
  const ask = (): Promise<number> => tellOutcomes({ agentIds, until, timeoutSeconds, json }, desk)
  if (agentIds.length > 0) return untilDaemonEnds({ agentIds, code: exitCode.agentFailed }, desk, ask)
  const { stdout, stderr } = desk.terminal
  if (json) await stdout.print(`${JSON.stringify({ timedOut: false, agents: [] }, undefined, 2)}\n`)
  else await stderr.print('no agent runs in this project\n')
  return exitCode.done
}

async function meantAgents({ agents: named }: WaitArgs, { client, terminal }: Desk): Promise<AgentSummary[]> {
  if (named.length > 0) return chooseAgents(await client.agents(), named)
  return (await client.agents({ project: projectOf(terminal.cwd) })).filter(isBusy)
}
