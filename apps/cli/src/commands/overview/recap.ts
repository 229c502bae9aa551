import { describeRecap, type RecapLine } from '@subagent-mcp/mcp-server'
import { jsonFlag, timeSpanArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { daemonCommand } from '../../terminal/command-context.js'
import type { Paint } from '../../terminal/paint.js'
import { printLines, printRemarks, printWrapped } from '../../terminal/print.js'
import { jsonText } from '../../terminal/text.js'

/** Prints what agents did since a time, and what waits for the user. */
export const recapCommand = daemonCommand(
  {
    description: 'Print what agents did while you were away, and what needs you',
    details: [
      'By agent: files changed, commands and who allowed them, uses of the network, grades, failures, cost,',
      'and what cannot be known. #42 is the number of a fact: logs <id> --json prints it.',
    ],
    examples: ['recap', 'recap --since 30m', 'recap --since 2d --json'],
    flags: {
      since: timeSpanArg('Tell what happened since then, as in 30m, 8h or 2d').default(28_800),
      json: jsonFlag,
    },
  },
  async ({ since, json }, { client, terminal }) => {
    const { stdout } = terminal
    const report = await client.recap({ since: Math.max(0, terminal.now() - since * 1000) })
    if (json) {
      await printLines(stdout, [jsonText(report, 2)])
      return exitCode.done
    }
    for (const line of describeRecap(report)) await printWrapped(stdout, [paintLine(line, stdout.paint)])
    if (report.agents.length === 0) await printRemarks(terminal, ['--since 2d looks further back'])
    return exitCode.done
  },
)

function paintLine({ depth, text }: RecapLine, paint: Paint): string {
  if (depth === 0) return paint('bold', text)
  const [, said = text, fact = ''] = /^(.*?)( #\d+)?$/s.exec(text) ?? []
  return '  '.repeat(depth) + said + paint('dim', fact)
}
