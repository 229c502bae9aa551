import type { DaemonClient } from '@subagent-mcp/client'
import {
  newestAgentArgument,
  timeSpanArgSchema,
  booleanArgSchema,
  integerArgSchema,
} from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { type KnownFactEvent, streamKnownFacts, mayFactEndAgentTurn } from '../../terminal/known-facts.js'
import { listAgentsForWord, chooseNewestAgent } from '../../terminal/choose-agent.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { formatClockTime } from '../../terminal/format.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { createTranscriptPrinter } from '../../terminal/transcript/printer.js'
import { followUntilDaemonEnds } from './print-outcomes.js'

export const logsCommand = defineDaemonCommand(
  {
    description: 'Print what an agent has said and done so far: its texts, tool calls and results',
    details: ['If several agents have the same name, the one launched last is printed.'],
    examples: ['logs', 'logs reviewer --follow', 'logs k3f9 --since 10m --tail 20'],
    words: { agent: newestAgentArgument },
    flags: {
      follow: booleanArgSchema('Also print what the agent says from now on, until it ends or Ctrl-C', 'f'),
      tail: integerArgSchema({ least: 0 }, 'Print only this many of the newest lines').exactOptional(),
      since: timeSpanArgSchema('Print only the last 90s, 15m, 12h or 7d of the transcript').exactOptional(),
      json: booleanArgSchema('Print each event as one line of JSON, for scripts: { seq, fact }'),
    },
  },
  async ({ agent, follow, tail, since, json }, { client, terminal }) => {
    const startedAt = terminal.now()
    const { id, endedAt } = chooseNewestAgent(await listAgentsForWord(agent, client, terminal), agent)
    const isFollowed = follow && endedAt === undefined
    const facts = isFollowed ? factsToTheEnd(client, id, startedAt) : readHistory(client, id)
    const held = tail === undefined ? undefined : lastLines(terminal.stdout, tail)
    // With --tail, the transcript up to this fact is held back, and only its last lines are printed.
    const newest = held && isFollowed ? await newestFact(client, id) : Infinity
    const printer = factPrinter({
      stdout: held?.output ?? terminal.stdout,
      home: terminal.home,
      json,
      since: since === undefined ? 0 : startedAt - since * 1000,
    })
    const print = async (): Promise<number> => {
      try {
        for await (const event of facts) {
          await printer.print(event)
          if (event.seq !== undefined && event.seq >= newest) await held?.release()
        }
      } finally {
        await printer.end()
        await held?.release()
      }
      return exitCode.done
    }
    return follow
      ? followUntilDaemonEnds({ agentIds: [id], code: exitCode.failed }, terminal, print)
      : print()
  },
)

type FactPrinter = { print(event: KnownFactEvent): Promise<void>; end(): Promise<void> }

/** Creates the printer of facts as a transcript or as JSON, without those before `since`, which is in Unix milliseconds. */
function factPrinter({
  stdout,
  home,
  json,
  since,
}: {
  stdout: TextOutput
  home: string
  json: boolean
  since: number
}): FactPrinter {
  const style = { paint: stdout.paint, stamp: (at: number) => `${formatClockTime(at)}  `, together: true }
  const printer = createTranscriptPrinter({ text: stdout, talk: stdout, home, style })
  return {
    print: async (event) => {
      if (event.fact.at < since) printer.skip(event.fact)
      else await (json ? stdout.print(`${JSON.stringify(event)}\n`) : printer.print(event.fact))
    },
    end: () => printer.endLine(),
  }
}

/** Holds back printed lines until `release`, which prints the last of them. After that everything is printed immediately. */
function lastLines(stdout: TextOutput, count: number): { output: TextOutput; release(): Promise<void> } {
  let held: string | undefined = ''
  return {
    output: {
      ...stdout,
      print: async (text) => {
        if (held === undefined) await stdout.print(text)
        else held += text
      },
    },
    release: async () => {
      if (held === undefined) return
      const lines = held.split(/(?<=\n)/).filter((line) => line !== '')
      held = undefined
      await stdout.print(lines.slice(lines.length - Math.min(count, lines.length)).join(''))
    },
  }
}

/** Returns the stored events of an agent whose numbers are above `after`. */
function readHistory(client: DaemonClient, agentId: string, after = 0): AsyncIterable<KnownFactEvent> {
  return streamKnownFacts(client, { agentId, after, follow: false, signal: new AbortController().signal })
}

async function newestFact(client: DaemonClient, agentId: string): Promise<number> {
  let newest = 0
  for await (const { seq = newest } of readHistory(client, agentId)) newest = seq
  return newest
}

/** Yields the events of an agent until it ends. An end before `startedAt` does not count, because the agent was resumed after it. */
async function* factsToTheEnd(
  client: DaemonClient,
  agentId: string,
  startedAt: number,
): AsyncGenerator<KnownFactEvent, void> {
  const stop = new AbortController()
  try {
    for await (const event of streamKnownFacts(client, { agentId, after: 0, signal: stop.signal })) {
      yield event
      if (!mayFactEndAgentTurn(event.fact) || event.fact.at < startedAt) continue
      if ((await client.agent(agentId)).agent.endedAt === undefined) continue
      // Facts may follow the fact that ends the agent.
      yield* readHistory(client, agentId, event.seq)
      return
    }
  } finally {
    stop.abort()
  }
}
