import { CodeReview, type AgentDetail } from '@subagent-mcp/api'
import { omitUndefined, parseJson } from '@subagent-mcp/contract'
import { z } from 'zod'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { cwdFlag, textArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { ciFlags, ciFlagRules } from './launch-flags.js'
import { exitCode } from '../../exit.js'
import { formatAgentModel } from '../../terminal/agent-lines.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { paintNothing } from '../../terminal/paint.js'
import { describeTerminalCaller } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import type { TextOutput } from '../../terminal/terminal.js'
import { escapeForTerminal } from '../../terminal/text.js'
import { budgetFlags, splitBudgetOptions, computeLaunchBudget } from './budget-flags.js'
import { launchAndFollow } from './launch-and-follow.js'
import { version } from '../../version.js'

export const reviewCommand = defineDaemonCommand(
  {
    description: 'Let a model of another vendor review your code changes; print the problems that it finds',
    details: [
      'Without an option it reviews all uncommitted changes of the git checkout, new files included; --base, --staged or a range choose other changes.',
      'The reviewer only reads files. In a session of Claude Code, Codex or Gemini CLI it never uses the provider of that session.',
      'Progress goes to stderr, the findings go to stdout. Ctrl-C kills the agent.',
      'Exits 0 if the reviewer approves the changes, 5 if it wants others, 3 if it failed.',
    ],
    examples: [
      'review --by codex',
      'review --base main',
      'review main..topic --sarif',
      'review --base main --ci --sarif',
    ],
    words: {
      range: textArgSchema(
        'range',
        'Commits to review, as in main..topic: what topic changed since it left main',
      )
        .refine((range) => range.includes('..'), 'takes two revisions, as in main..topic')
        .exactOptional(),
    },
    flags: {
      by: textArgSchema(
        'provider',
        'Provider whose model reviews (default: the best one that is not your own)',
        {
          names: 'providers',
        },
      ).exactOptional(),
      base: textArgSchema('revision', 'Review all changes since this branch or commit').exactOptional(),
      staged: booleanArgSchema('Review only the changes that are staged for the next commit'),
      ...budgetFlags,
      cwd: cwdFlag,
      json: booleanArgSchema(
        'Print the findings and the reviewing agent as JSON instead of text, for scripts',
      ),
      sarif: booleanArgSchema(
        'Print the findings as SARIF 2.1.0, a format that editors and code hosts display',
      ),
      ...ciFlags,
    },
    rules: [
      createFlagExcludesRule('range', ['base', 'staged']),
      createFlagExcludesRule('base', ['staged']),
      createFlagExcludesRule('json', ['sarif']),
      ...ciFlagRules,
    ],
  },
  async (args, context) => {
    const { client, terminal } = context
    const { budget: ownBudget, rest } = splitBudgetOptions(args)
    const { range, by, base, staged, cwd, json, sarif } = rest
    const budget = computeLaunchBudget(terminal, ownBudget)
    const order = {
      ...{ agent: 'reviewer', prompt: 'Review the changes that follow.' },
      outputSchema: z.toJSONSchema(CodeReview),
      ...{
        changes: range ?? base ?? (staged ? 'staged' : 'uncommitted'),
        ...omitUndefined({ provider: by, budget }),
      },
    }
    const launch = () =>
      client.launch({ ...order, ...describeTerminalCaller(cwd, terminal), pid: process.pid })
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
  const data = form === 'sarif' ? formatReviewAsSarif(review, formatAgentModel(agent)) : { ...review, agent }
  await printResult(terminal, form !== 'text', { text, data })
  return review.verdict === 'approve' ? exitCode.done : exitCode.changesWanted
}

/** Describes a review for a terminal: the numbered findings, and a last line with the verdict of `reviewer`. */
function codeReviewText(
  { verdict, findings }: CodeReview,
  { reviewer, paint }: Pick<TextOutput, 'paint'> & { reviewer: string },
): string {
  const shown = findings.map(({ file, line, severity, title, why }, index) => {
    const place = `${index + 1}. ${oneLine(file)}:${line}`
    const head = `${place} ${paint(severity === 'high' ? 'red' : 'yellow', severity)} ${oneLine(title)}`
    return `${head}\n${escapeForTerminal(why).trim().replace(/^/gm, '   ')}\n\n`
  })
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  const said = verdict === 'approve' ? 'approves the changes' : 'wants changes'
  return `${shown.join('')}${reviewer} ${said}: ${count}`
}

function oneLine(text: string): string {
  return escapeForTerminal(text).replace(/\s+/g, ' ').trim()
}

const levels = { high: 'error', medium: 'warning', low: 'note' } as const

/**
 * A review in the form SARIF 2.1.0 (OASIS), which editors and code hosts show beside the lines. Paths are relative to the folder
 * of the review.
 */
export function formatReviewAsSarif({ findings }: CodeReview, reviewer: string): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'subagent-mcp review',
            semanticVersion: version,
            informationUri: 'https://github.com/subagent-mcp/subagent-mcp',
            rules: [{ id: 'review', shortDescription: { text: `A finding of ${reviewer}` } }],
          },
        },
        results: findings.map(({ file, line, severity, title, why }) => ({
          ruleId: 'review',
          level: levels[severity],
          message: { text: `${title}\n\n${why}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: line },
              },
            },
          ],
        })),
      },
    ],
  }
}
