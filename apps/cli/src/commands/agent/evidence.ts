import { describeEvidence, describeGateRun, type AgentDetail, type CheckEvidence } from '@subagent-mcp/api'
import { agentArgument, jsonFlag, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { chooseAgent } from '../../terminal/choose-agent.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { formatLongTimeSpan } from '../../terminal/format.js'
import type { TextPaint } from '../../terminal/paint.js'
import { printRemarks, printResult } from '../../terminal/print.js'
import { describeTerminalCaller } from '../../terminal/person.js'
import { escapeForTerminal } from '../../terminal/text.js'

type TurnEvidence = NonNullable<AgentDetail['checks']>[number]

export const evidenceCommand = defineDaemonCommand(
  {
    description: 'Show which checks the work of an agent passed: commands with their output, and reviews',
    details: [
      'Grades: claimed (only the agent says that it is done), checked (files or the schema are as required), verified (the commands of --accept succeeded), reviewed (another provider approved the changes, too), rejected.',
    ],
    examples: ['evidence k3f9', 'evidence k3f9 --run', 'evidence k3f9 --json'],
    words: { agent: agentArgument },
    flags: {
      run: booleanArgSchema('Run the commands again in your checkout first, as after changes --apply'),
      json: jsonFlag,
    },
  },
  async ({ agent: word, run, json }, { client, terminal }) => {
    const { id } = chooseAgent(await client.agents(), word)
    if (run)
      await client.actOnChanges(id, {
        action: 'check',
        ...describeTerminalCaller('.', terminal),
        pid: process.pid,
      })
    const { checks = [] } = await client.agent(id)
    const text = checks.map((check) => checkText(check, terminal.stdout.paint)).join('\n\n')
    if (json || checks.length > 0) await printResult(terminal, json, { text, data: { id, checks } })
    if (checks.length === 0)
      await printRemarks(terminal, [
        `no result of ${id} was checked; to check results: run "<prompt>" --accept "npm test"`,
      ])
    return exitCode.done
  },
)

function checkText({ turn, grade, evidence, why = [] }: TurnEvidence, paint: TextPaint): string {
  const tone = grade === 'rejected' ? 'red' : grade === 'claimed' ? 'yellow' : 'green'
  return [
    `turn ${turn}: ${paint(tone, grade)}`,
    ...why.map((reason) => `  not graded higher: ${escapeForTerminal(reason)}`),
    ...evidence.flatMap((one) => evidenceLines(one, paint)),
  ].join('\n')
}

function evidenceLines(one: CheckEvidence, paint: TextPaint): string[] {
  const mark = one.passed ? paint('green', 'passed') : paint('red', 'failed')
  return [
    `  ${mark}  ${escapeForTerminal(describeEvidence(one))}`,
    ...details(one).map((line) => `          ${escapeForTerminal(line)}`),
  ]
}

function details(one: CheckEvidence): string[] {
  switch (one.type) {
    case 'gate': {
      const { durationMs, base, altered, tree, output } = one
      return [
        `took ${formatLongTimeSpan(durationMs)}; before the work it ${describeGateRun(base)}`,
        ...(tree === undefined ? [] : [`on the files with the git tree ${tree}`]),
        ...(altered.length > 0 ? [`changed files: ${altered.join(', ')}`] : []),
        ...(output === '' ? [] : output.split('\n').map((line) => `| ${line}`)),
      ]
    }
    case 'tree':
      return [
        ...one.files,
        ...(one.gateFiles.length > 0 ? [`decide what the commands check: ${one.gateFiles.join(', ')}`] : []),
      ]
    case 'review':
      return one.findings.map(
        ({ file, line, severity, title, why }) => `${file}:${line} ${severity}: ${title}. ${why}`,
      )
    default:
      return []
  }
}
