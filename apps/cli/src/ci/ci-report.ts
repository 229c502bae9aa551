import type { AgentDetail, CheckEvidence } from '@subagent-mcp/api'
import { appendFileSync, writeFileSync } from 'node:fs'
import { describeAgentOutcome, formatAgentModel } from '../terminal/agent-lines.js'
import { escapeForTerminal } from '../terminal/text.js'

/** One test case of a JUnit report. `skipped`: why it did not run. */
type ReportedCase = { name: string; failure?: string; skipped?: string; output?: string }

/** Reports the outcome of an agent to a job of CI, besides the output of the command. */
export type CiReport = {
  /** Reports an agent that has ended to the CI job. `answer` replaces the agent's last text. */
  agent(detail: AgentDetail, answer?: string): void
  nothing(why: { skipped: string } | { failure: string }): void
}

/** Creates a report that is written to a JUnit file if one is named, and to the step summary of GitHub Actions if there is one. */
export function createCiReport(files: {
  junit?: string | undefined
  summary?: string | undefined
}): CiReport {
  const write = (cases: readonly ReportedCase[], summary: string): void => {
    if (files.junit !== undefined) writeFileSync(files.junit, junitText(cases))
    if (files.summary !== undefined) appendFileSync(files.summary, summary)
  }
  return {
    agent: (detail, answer = detail.said) => {
      write(casesOf(detail, answer), summaryText(detail, answer))
    },
    nothing: (why) => {
      const text = 'skipped' in why ? why.skipped : why.failure
      write([{ name: 'agent', ...why }], `### subagent-mcp\n\n${fenced(text)}`)
    },
  }
}

/** Returns the evidence of the checks on the agent's last result. */
function lastEvidence({ checks = [] }: AgentDetail): readonly CheckEvidence[] {
  return checks.at(-1)?.evidence ?? []
}

/** The JUnit test cases of an agent: its own end, and each check of its last result. */
function casesOf(detail: AgentDetail, answer: string): ReportedCase[] {
  const { agent } = detail
  const failed = agent.status === 'finished' ? {} : { failure: describeAgentOutcome(agent) }
  return [
    { name: agent.name ?? 'agent', output: answer, ...failed },
    ...lastEvidence(detail).map((one) => ({
      name: checkName(one),
      ...(one.passed ? {} : { failure: checkProblem(one) }),
    })),
  ]
}

function checkName(evidence: CheckEvidence): string {
  return evidence.type === 'gate' ? evidence.command : evidence.type
}

function checkProblem(evidence: CheckEvidence): string {
  if (evidence.type === 'gate') return [evidence.why, evidence.output].filter(Boolean).join('\n')
  return JSON.stringify(evidence, undefined, 2)
}

function junitText(cases: readonly ReportedCase[]): string {
  const count = (kind: 'failure' | 'skipped'): number => cases.filter((one) => one[kind] !== undefined).length
  const totals = `tests="${cases.length}" failures="${count('failure')}" skipped="${count('skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `<testsuite name="subagent-mcp" ${totals}>`,
    ...cases.map(caseText),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseText({ name, failure, skipped, output }: ReportedCase): string {
  const children = [
    failure === undefined ? '' : `<failure message="${xml(firstLine(failure))}">${xml(failure)}</failure>`,
    skipped === undefined ? '' : `<skipped message="${xml(skipped)}"/>`,
    output === undefined ? '' : `<system-out>${xml(output)}</system-out>`,
  ]
  return `<testcase classname="subagent-mcp" name="${xml(firstLine(name))}">${children.join('')}</testcase>`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

/** Escapes a text for XML 1.0, which has no form for control characters and halves of surrogate pairs. */
function xml(text: string): string {
  const allowed = escapeForTerminal(text)
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
  return allowed.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function summaryText(detail: AgentDetail, answer: string): string {
  const { agent } = detail
  const marks = lastEvidence(detail).map(
    (one) =>
      `- ${one.passed ? 'passed' : '**failed**'}: \`${firstLine(checkName(one)).replaceAll('`', "'")}\``,
  )
  const lines = [`${formatAgentModel(agent)}: ${describeAgentOutcome(agent)}`, answer].join('\n\n')
  return ['### subagent-mcp', '', ...marks, marks.length > 0 ? '' : undefined, fenced(lines)]
    .filter((line) => line !== undefined)
    .join('\n')
}

/** Wraps the text of a model in a Markdown code block, because links and images in it could send data to other servers. */
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `${fence}text\n${escapeForTerminal(text).trim()}\n${fence}\n\n`
}
