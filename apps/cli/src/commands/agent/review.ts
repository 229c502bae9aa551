import type { AgentDetail } from '@subagent-mcp/api'
import { defined } from '@subagent-mcp/contract'
import { excludes } from '../../command/rules.js'
import { cwdFlag, textArg, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import {
  codeReviewText,
  readCodeReview,
  reviewFormRequest,
  type CodeReview,
} from '../../review/code-review.js'
import { sarifOf } from '../../review/sarif.js'
import { modelText } from '../../terminal/agent-lines.js'
import { type CommandContext, daemonCommand } from '../../terminal/command-context.js'
import { callerAt } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import { safeText } from '../../terminal/text.js'
import { stayWithAgent } from './stay-with-agent.js'

/** Has the changes of a folder reviewed by an agent of another provider, and prints its findings. */
export const reviewCommand = daemonCommand(
  {
    description: 'Let an agent of another provider review your changes, and print its findings',
    details: [
      'It judges the uncommitted changes of the folder, new files included; with --base, --staged or a range others.',
      "The agent is the defined agent reviewer, which only reads. In a host's shell its provider is never that of the host.",
      'What it does goes to stderr, the findings go to stdout. Ctrl-C kills the agent.',
      'Exits 0 if the changes are approved, 5 if changes are wanted, 3 if the agent failed.',
    ],
    examples: ['review --by codex', 'review --base main', 'review main..topic --sarif'],
    words: {
      range: textArg('range', 'Commits, as in main..topic: what the second has since it left the first')
        .refine((range) => range.includes('..'), 'takes two revisions, as in main..topic')
        .exactOptional(),
    },
    flags: {
      by: textArg('provider', 'Provider that reviews (default: the best one that is not your own)', {
        names: 'providers',
      }).exactOptional(),
      base: textArg(
        'revision',
        'Judge what is new since this branch, uncommitted changes included',
      ).exactOptional(),
      staged: toggle('Judge only the staged changes'),
      cwd: cwdFlag,
      json: toggle('Print the review and its agent as JSON'),
      sarif: toggle('Print the review as SARIF 2.1.0, for editors and code hosts'),
    },
    rules: [excludes('range', ['base', 'staged']), excludes('base', ['staged']), excludes('json', ['sarif'])],
  },
  async ({ range, by, base, staged, cwd, json, sarif }, context) => {
    const { client, terminal } = context
    const order = {
      ...{ agent: 'reviewer', prompt: `Review the changes that follow. ${reviewFormRequest}` },
      ...{ changes: range ?? base ?? (staged ? 'staged' : 'uncommitted'), ...defined({ provider: by }) },
    }
    const launch = () => client.launch({ ...order, ...callerAt(cwd, terminal), pid: process.pid })
    const form = json ? 'json' : sarif ? 'sarif' : 'text'
    const report = (detail: AgentDetail) => printReview(detail, form, context)
    return stayWithAgent({ kind: 'agent', json: false, launch, report }, context)
  },
)

/** Prints the review that an agent has answered with, after one more turn if its answer is in another form. Returns the exit code. */
async function printReview(
  detail: AgentDetail,
  form: 'text' | 'json' | 'sarif',
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  const { stdout, stderr } = terminal
  const first = readCodeReview(detail.said)
  const { agent, said } = 'review' in first ? detail : await askAgain(detail, first.problem, context)
  const read = readCodeReview(said)
  if ('problem' in read) {
    await stderr.print(`the answer of ${agent.id} has no review in it (${safeText(read.problem)}):\n`)
    await stderr.print(`${safeText(said).trim()}\n`)
    return exitCode.agentFailed
  }
  const { review } = read
  const text = codeReviewText(review, { reviewer: agent.provider, paint: stdout.paint })
  const data = form === 'sarif' ? sarifOf(review, modelText(agent)) : { ...review, agent }
  await printResult(terminal, form !== 'text', { text, data })
  return codeOf(review)
}

function codeOf({ verdict }: CodeReview): number {
  return verdict === 'approve' ? exitCode.done : exitCode.changesWanted
}

/** Asks a reviewer for its answer in the form that can be read, and waits for it. */
async function askAgain(
  { agent: { id } }: AgentDetail,
  problem: string,
  { client, terminal }: CommandContext,
): Promise<AgentDetail> {
  await terminal.stderr.print(
    `${terminal.stderr.paint('dim', 'its answer cannot be read; it is asked again')}\n`,
  )
  const text = `Your answer cannot be read (${problem}). Give the same review again. ${reviewFormRequest}`
  await client.send(id, { text, ...callerAt('.', terminal), pid: process.pid })
  await client.wait({ agentIds: [id], until: 'all', timeoutSeconds: longestAnswer })
  return client.agent(id)
}

/** Seconds for the second answer, which repeats a review that is done. */
const longestAnswer = 600
