import { describeRecap, type RecapLine } from '@subagent-mcp/mcp-server'
import { jsonFlag, timeSpanArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { daemonCommand } from '../../terminal/command-context.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printLines, printRemarks, printWrapped } from '../../terminal/print.js'
import { safeJson } from '../../terminal/text.js'

export const recapCommand = daemonCommand(
  {
    description: 'Print what agents did while you were away, and what needs you',
    details: [
      'For each agent: changed files, commands and who allowed them, uses of the network, grades, failures, cost,',
      'and what cannot be known. #42 is the number of a fact: logs <id> --json prints it.',
    ],
    examples: ['recap', 'recap --since 30m', 'recap --since 2d --json'],
    flags: {
      since: timeSpanArg('Print what happened since then, as in 30m, 8h or 2d ago').prefault('8h'),
      json: jsonFlag,
    },
  },
  async ({ since, json }, { client, terminal }) => {
    const { stdout } = terminal
    const report = await client.recap({ since: Math.max(0, terminal.now() - since * 1000) })
    if (json) {
      await printLines(stdout, [safeJson(report, 2)])
      return exitCode.done
    }
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
