import type { DaemonClient } from '@subagent-mcp/client'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { clockTime } from '../../terminal/clock-time.js'
import { untilDaemonEnds } from './daemon-end.js'
import { knownFacts, type KnownFact } from '../../terminal/agent-facts.js'
import { mayEnd } from '../../terminal/may-end.js'
import { createScribe, type Scribe } from '../../terminal/transcript/printer.js'
import type { Terminal } from '../../terminal/terminal.js'

/** How `logs` is called. */
export const logsSpec = commandSpec({
  description: 'Print the transcript of an agent',
  words: { agent: text('agent', 'Id of the agent, the beginning of it, or its name') },
  flags: {
    follow: toggle('Keep printing until the agent ends, or Ctrl-C', 'f'),
    json: toggle('Print one JSON object a line: { seq, fact }'),
  },
})

/** Prints the transcript of an agent. */
export const logs = defineCommand(logsSpec, (args) => atTerminal((desk) => showLogs(args, desk)))

/** Prints an agent's transcript; with `follow` also what is still to come, until the agent ends. */
export async function showLogs(args: ArgsOf<typeof logsSpec>, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const startedAt = terminal.now()
  const { id, endedAt } = chooseAgent(await client.agents(), args.agent)
  const follows = args.follow && endedAt === undefined
  if (!follows) return printFacts(readHistory(client, id), args, terminal)
  return untilDaemonEnds({ agentIds: [id], code: exitCode.failed }, desk, () =>
    printFacts(factsToTheEnd(desk, id, startedAt), args, terminal),
  )
}

async function printFacts(
  facts: AsyncIterable<KnownFact>,
  { json }: { json: boolean },
  terminal: Terminal,
): Promise<number> {
  const writer = json ? undefined : scribeFor(terminal)
  try {
    for await (const event of facts) {
      if (writer) await writer.tell(event.fact)
      else await terminal.stdout.print(`${JSON.stringify(event)}\n`)
    }
  } finally {
    await writer?.lift()
  }
  return exitCode.done
}

/** What there is by now, after a fact that is known. */
function readHistory(client: DaemonClient, agentId: string, after = 0): AsyncIterable<KnownFact> {
  return knownFacts(client, { agentId, after, follow: false, signal: new AbortController().signal })
}

/** An end before `startedAt` is history: the agent went on after it. */
async function* factsToTheEnd(
  { client }: Desk,
  agentId: string,
  startedAt: number,
): AsyncGenerator<KnownFact, void> {
  const stop = new AbortController()
  try {
    for await (const event of knownFacts(client, { agentId, after: 0, signal: stop.signal })) {
      yield event
      if (!mayEnd(event.fact) || event.fact.at < startedAt) continue
      if ((await client.agent(agentId)).agent.endedAt === undefined) continue
      // What else is known of its end.
      yield* readHistory(client, agentId, event.seq)
      return
    }
  } finally {
    stop.abort()
  }
}

function scribeFor({ stdout, home }: Terminal): Scribe {
  const stamp = (at: number): string => `${clockTime(at)}  `
  const style = { paint: stdout.paint, stamp, together: true }
  return createScribe({ text: stdout, talk: stdout, home, style })
}
