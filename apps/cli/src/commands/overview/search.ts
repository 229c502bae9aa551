import { splitExcerptAtMatches, type FoundPassage, type SearchReport } from '@subagent-mcp/api'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import {
  joinedWordsArgSchema,
  jsonFlag,
  textArgSchema,
  timeSpanArgSchema,
  booleanArgSchema,
  integerArgSchema,
} from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { formatLocalDateTime } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printJson, printLines, printRemarks, printWrapped } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cutSafeLine, escapeForTerminal } from '../../terminal/text.js'

export const searchCommand = defineDaemonCommand(
  {
    description: 'Find texts that agents wrote or received, in transcripts and messages, the newest first',
    details: [
      'A text must contain all words. Put "several words" in quotes if they must follow each other; begin* finds words that begin so. Secrets are masked. Deleted agents are not searched.',
    ],
    examples: ['search flaky login', `search '"connection refused"' --since 7d`, `search 'migrat*' --here`],
    words: { text: joinedWordsArgSchema('Words that a text must contain') },
    flags: {
      agent: textArgSchema('id or name', 'Search only the texts of this agent', {
        names: 'agents',
      }).exactOptional(),
      here: booleanArgSchema('Search only texts of agents that were launched in this project'),
      since: timeSpanArgSchema('Search only texts of this time until now, as in 12h or 7d').exactOptional(),
      limit: integerArgSchema({ most: 200 }, 'Print at most this many texts').default(20),
      json: jsonFlag,
    },
  },
  async ({ text: typed, agent, here, since, limit, json }, { client, terminal }) => {
    const text = await readTextArgument({ text: typed, name: 'text' }, terminal)
    const report = await client.search({
      ...{ text, limit },
      ...(agent !== undefined && { agent }),
      ...(here && { project: findProjectRoot(terminal.cwd) }),
      ...(since !== undefined && { since: Math.max(0, terminal.now() - since * 1000) }),
    })
    return json ? printJson(terminal, report) : printFound(report, limit, terminal)
  },
)

async function printFound(
  { passages, more, mailProblem }: SearchReport,
  limit: number,
  terminal: Pick<Terminal, 'stdout' | 'stderr'>,
): Promise<number> {
  const { stdout } = terminal
  for (const passage of passages) {
    const { at, kind, source, name } = passage
    const from = kind === 'mail' ? `thread ${source}` : [source, name].filter(Boolean).join(' ')
    const heading = `${stdout.paint('dim', formatLocalDateTime(at))}  ${stdout.paint('bold', cutSafeLine(from, 60))}  ${kind}`
    await printLines(stdout, [heading])
    await printWrapped(stdout, [`  ${excerptLine(passage, stdout.paint)}`])
  }
  await printRemarks(terminal, [
    ...(passages.length === 0 ? ['nothing found'] : []),
    ...(mailProblem === undefined ? [] : [`the newest messages are not searched: ${mailProblem}`]),
    ...(more
      ? [`there are older ones: --limit ${Math.min(limit * 5, 200)}, or --since, --agent, --here`]
      : []),
  ])
  return exitCode.done
}

/** The excerpt as one line, with its matches highlighted. */
function excerptLine(passage: FoundPassage, paint: TextPaint): string {
  const line = (text: string): string => escapeForTerminal(text).replaceAll(/\s+/g, ' ')
  return splitExcerptAtMatches(passage)
    .map(({ text, isMatch }) => (isMatch ? paint('yellow', line(text)) : line(text)))
    .join('')
}
