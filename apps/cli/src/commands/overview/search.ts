import { splitExcerpt, type FoundPassage, type SearchReport } from '@subagent-mcp/api'
import { projectRootOf } from '@subagent-mcp/driver-kit'
import {
  joinedTextArg,
  jsonFlag,
  textArg,
  timeSpanArg,
  boolArg,
  wholeNumberArg,
} from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { localDateTime } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printLines, printRemarks, printWrapped } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cutSafeLine, safeJson, safeText } from '../../terminal/text.js'

export const searchCommand = daemonCommand(
  {
    description: 'Search the transcripts of agents and messages by words, the newest first',
    details: [
      'A text must contain all words. Give "several words" that follow each other in quotes within the text,',
      'and the beginning of a word as begin*. Secrets are masked. Deleted agents are not searched.',
    ],
    examples: ['search flaky login', `search '"connection refused"' --since 7d`, `search 'migrat*' --here`],
    words: { text: joinedTextArg('Words to search for') },
    flags: {
      agent: textArg('id or name', 'Search only this agent', { names: 'agents' }).exactOptional(),
      here: boolArg('Search only agents of this project'),
      since: timeSpanArg('Search only texts since then, as in 12h or 7d').exactOptional(),
      limit: wholeNumberArg({ most: 200 }, 'The most texts to print').default(20),
      json: jsonFlag,
    },
  },
  async ({ text: typed, agent, here, since, limit, json }, { client, terminal }) => {
    const text = await readTextArgument({ text: typed, name: 'text' }, terminal)
    const report = await client.search({
      ...{ text, limit },
      ...(agent !== undefined && { agent }),
      ...(here && { project: projectRootOf(terminal.cwd) }),
      ...(since !== undefined && { since: Math.max(0, terminal.now() - since * 1000) }),
    })
    if (json) await printLines(terminal.stdout, [safeJson(report, 2)])
    else await printFound(report, limit, terminal)
    return exitCode.done
  },
)

async function printFound(
  { passages, more, mailProblem }: SearchReport,
  limit: number,
  terminal: Pick<Terminal, 'stdout' | 'stderr'>,
): Promise<void> {
  const { stdout } = terminal
  for (const passage of passages) {
    const { at, kind, source, name } = passage
    const from = kind === 'mail' ? `thread ${source}` : [source, name].filter(Boolean).join(' ')
    const heading = `${stdout.paint('dim', localDateTime(at))}  ${stdout.paint('bold', cutSafeLine(from, 60))}  ${kind}`
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
}

/** The excerpt as one line, with its matches highlighted. */
function excerptLine(passage: FoundPassage, paint: TextPaint): string {
  const line = (text: string): string => safeText(text).replaceAll(/\s+/g, ' ')
  return splitExcerpt(passage)
    .map(({ text, isMatch }) => (isMatch ? paint('yellow', line(text)) : line(text)))
    .join('')
}
