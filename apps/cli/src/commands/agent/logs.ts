import type { DaemonClient } from '@subagent-mcp/client'
import { agentWord, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { type KnownFact, knownFacts, mayBeAtRest } from '../../terminal/agent-facts.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { clockTime } from '../../terminal/format.js'
import type { Terminal } from '../../terminal/terminal.js'
import { createPrinter } from '../../terminal/transcript/printer.js'
import { untilDaemonEnds } from './print-outcomes.js'

/** Prints the transcript of an agent; with `--follow` until the agent ends. */
export const logsCommand = daemonCommand(
  {
    description: 'Print the transcript of an agent',
    examples: ['logs k3f9', 'logs reviewer --follow'],
    words: { agent: agentWord },
    flags: {
      follow: toggle('Keep printing until the agent ends, or Ctrl-C', 'f'),
      json: toggle('Print one JSON object a line: { seq, fact }'),
    },
  },
  async ({ agent, follow, json }, { client, terminal }) => {
    const startedAt = terminal.now()
    const { id, endedAt } = chooseAgent(await client.agents(), agent)
    if (!follow || endedAt !== undefined) return printFacts(readHistory(client, id), json, terminal)
    return untilDaemonEnds({ agentIds: [id], code: exitCode.failed }, terminal, () =>
      printFacts(factsToTheEnd(client, id, startedAt), json, terminal),
    )
  },
)

async function printFacts(
  facts: AsyncIterable<KnownFact>,
  json: boolean,
  { stdout, home }: Terminal,
): Promise<number> {
  const style = { paint: stdout.paint, stamp: (at: number) => `${clockTime(at)}  `, together: true }
  const printer = createPrinter({ text: stdout, talk: stdout, home, style })
  try {
    for await (const event of facts)
      await (json ? stdout.print(`${JSON.stringify(event)}\n`) : printer.print(event.fact))
  } finally {
    await printer.endLine()
  }
  return exitCode.done
}

/** Returns the facts of an agent so far, from the one after number `after`. */
function readHistory(client: DaemonClient, agentId: string, after = 0): AsyncIterable<KnownFact> {
  return knownFacts(client, { agentId, after, follow: false, signal: new AbortController().signal })
}

/** Returns the facts of an agent until it ends. Ends before `startedAt` do not count, because the agent continued after them. */
async function* factsToTheEnd(
  client: DaemonClient,
  agentId: string,
  startedAt: number,
): AsyncGenerator<KnownFact, void> {
  const stop = new AbortController()
  try {
    for await (const event of knownFacts(client, { agentId, after: 0, signal: stop.signal })) {
      yield event
      if (!mayBeAtRest(event.fact) || event.fact.at < startedAt) continue
      if ((await client.agent(agentId)).agent.endedAt === undefined) continue
      // The last facts of an agent may follow the one that ends it.
      yield* readHistory(client, agentId, event.seq)
      return
    }
  } finally {
    stop.abort()
  }
}
