import { CodeReview, type AgentDetail } from '@subagent-mcp/api'
import { defined, parseJson } from '@subagent-mcp/contract'
import { flagExcludes } from '../../command/rules.js'
import { cwdFlag, textArg, boolArg } from '../../command/values.js'
import { ciFlags, ciFlagRules } from '../../ci/ci-flags.js'
import { exitCode } from '../../exit.js'
import { reviewAsSarif } from '../../review/sarif.js'
import { agentModelText } from '../../terminal/agent-lines.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { paintNothing } from '../../terminal/paint.js'
import { terminalCaller } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { safeText } from '../../terminal/text.js'
import { budgetFlags, readBudget, unattendedBudget } from './budget-flags.js'
import { launchAndFollow } from './launch-and-follow.js'
import { z } from 'zod'

export const reviewCommand = daemonCommand(
  {
    description: 'Let an agent of another provider review your changes, and print its findings',
    details: [
      'Reviews the uncommitted changes of the folder, new files included; --base, --staged or a range choose other changes.',
      "The defined agent reviewer does it, and only reads. Run by a host, such as Claude Code, it never uses that host's provider.",
      'Progress goes to stderr, the findings go to stdout. Ctrl-C kills the agent.',
      'Exits 0 if the changes are approved, 5 if changes are wanted, 3 if the agent failed.',
    ],
    examples: [
      'review --by codex',
      'review --base main',
      'review main..topic --sarif',
      'review --base main --ci --sarif',
    ],
    words: {
      range: textArg('range', 'Commits, as in main..topic: the changes of topic since it branched off main')
        .refine((range) => range.includes('..'), 'takes two revisions, as in main..topic')
        .exactOptional(),
    },
    flags: {
      by: textArg('provider', 'Provider that reviews (default: the best one that is not your own)', {
        names: 'providers',
      }).exactOptional(),
      base: textArg(
        'revision',
        'Review the changes since this branch or commit, uncommitted ones included',
      ).exactOptional(),
      staged: boolArg('Review only the staged changes'),
      ...budgetFlags,
      cwd: cwdFlag,
      json: boolArg('Print the review and its agent as JSON'),
      sarif: boolArg('Print the review as SARIF 2.1.0, for editors and code hosts'),
      ...ciFlags,
    },
    rules: [
      flagExcludes('range', ['base', 'staged']),
      flagExcludes('base', ['staged']),
      flagExcludes('json', ['sarif']),
      ...ciFlagRules,
    ],
  },
  async (args, context) => {
    const { client, terminal } = context
    const { budget: ownBudget, rest } = readBudget(args)
    const { range, by, base, staged, cwd, json, sarif } = rest
    const budget = unattendedBudget(terminal, ownBudget)
    const order = {
      ...{ agent: 'reviewer', prompt: 'Review the changes that follow.' },
      outputSchema: z.toJSONSchema(CodeReview),
      ...{
        changes: range ?? base ?? (staged ? 'staged' : 'uncommitted'),
        ...defined({ provider: by, budget }),
      },
    }
    const launch = () => client.launch({ ...order, ...terminalCaller(cwd, terminal), pid: process.pid })
    const form = json ? 'json' : sarif ? 'sarif' : 'text'
    const report = (detail: AgentDetail) => printReview(detail, form, context)
    const answerForCi = ({ agent, said }: AgentDetail): string =>
      codeReviewText(CodeReview.parse(parseJson(said)), { reviewer: agent.provider, paint: paintNothing })
    return launchAndFollow({ kind: 'agent', json: false, launch, report, answerForCi }, context)
  },
)

/** Prints the review that an agent has answered with, which the daemon has compared with its schema. Returns the exit code. */
async function printReview(
  { agent, said }: AgentDetail,
  form: 'text' | 'json' | 'sarif',
  { terminal }: CommandContext,
): Promise<number> {
  const { stdout } = terminal
  const review = CodeReview.parse(parseJson(said))
  const text = codeReviewText(review, { reviewer: agent.provider, paint: stdout.paint })
  const data = form === 'sarif' ? reviewAsSarif(review, agentModelText(agent)) : { ...review, agent }
  await printResult(terminal, form !== 'text', { text, data })
  return codeOf(review)
}

function codeOf({ verdict }: CodeReview): number {
  return verdict === 'approve' ? exitCode.done : exitCode.changesWanted
}

/** Describes a review for a terminal: the numbered findings, and a last line with the verdict of `reviewer`. */
function codeReviewText(
  { verdict, findings }: CodeReview,
  { reviewer, paint }: Pick<TextOutput, 'paint'> & { reviewer: string },
): string {
  const shown = findings.map(({ file, line, severity, title, why }, index) => {
    const place = `${index + 1}. ${oneLine(file)}:${line}`
    const head = `${place} ${paint(severity === 'high' ? 'red' : 'yellow', severity)} ${oneLine(title)}`
    return `${head}\n${safeText(why).trim().replace(/^/gm, '   ')}\n\n`
  })
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  const said = verdict === 'approve' ? 'approves the changes' : 'wants changes'
  return `${shown.join('')}${reviewer} ${said}: ${count}`
}

function oneLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim()
}
