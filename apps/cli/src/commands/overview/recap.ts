import { describeRecap, type RecapLine } from '@subagent-mcp/mcp-server'
import { jsonFlag, timeSpanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printJson, printRemarks, printWrapped } from '../../terminal/print.js'

export const recapCommand = defineDaemonCommand(
  {
    description: 'Print what agents did while you were away, and which of them need you',
    details: [
      'Prints for each agent: changed files, commands and who allowed them, uses of the network, checks, failures, cost, and what cannot be known. #42 is the number of an event: subagent-mcp logs <id> --json prints it.',
    ],
    examples: ['recap', 'recap --since 30m', 'recap --since 2d --json'],
    flags: {
      since: timeSpanArgSchema('Print what happened within this time, as in 30m, 8h or 2d').prefault('8h'),
      json: jsonFlag,
    },
  },
  async ({ since, json }, { client, terminal }) => {
    const { stdout } = terminal
    const report = await client.recap({ since: Math.max(0, terminal.now() - since * 1000) })
    if (json) return printJson(terminal, report)
    for (const line of describeRecap(report)) await printWrapped(stdout, [paintLine(line, stdout.paint)])
    if (report.agents.length === 0) await printRemarks(terminal, ['--since 2d looks further back'])
    return exitCode.done
  },
)

function paintLine({ depth, text }: RecapLine, paint: TextPaint): string {
  if (depth === 0) return paint('bold', text)
  const [, said = text, fact = ''] = /^(.*?)( #\d+)?$/s.exec(text) ?? []
  return '  '.repeat(depth) + said + paint('dim', fact)
}
