import {
  agentSummaryShape,
  changeCountShape,
  failureShape,
  readonlyListSchema,
  looseObjectSchema,
  pickSchemaKeys,
  PermissionRequestSummarySchema,
  ResultGrade,
} from '@subagent-mcp/api'
import { omitUndefined, parseJson, type Failure } from '@subagent-mcp/contract'
import {
  findAgentFailure,
  computeAgentStatus,
  summarizeAgent,
  computeTurnStatus,
  type AgentReportContent,
  type Agent,
  type AgentWithNewReports,
} from '@subagent-mcp/core'
import { z } from 'zod'
import type { McpPort } from '../ports/mcp-port.js'
import { agentTextLimits } from './describe-agent.js'
import { cutToOneLine } from './cut-text.js'
import { cutReportedAgentText, describeUnreadableText, type ReportTextOptions } from './describe-reports.js'

const { id, name, status, provider, model } = agentSummaryShape
const agentShape = { id, name, status, provider, model }

const { reason, message, hint, resetsAt, stderrTail } = failureShape

/** A failure in the structured content of a tool's answer. */
export const FailureData = looseObjectSchema({ reason, message, hint, resetsAt, stderrTail })
type FailureData = z.infer<typeof FailureData>

/** An agent in the structured content of a tool's answer, with the names and types of the HTTP API. */
export const AgentData = looseObjectSchema(agentShape)
export type AgentData = z.infer<typeof AgentData>

/** An agent with its open permission requests, in the structured content of a tool's answer. */
export const AskingAgentData = looseObjectSchema({
  ...agentShape,
  permissions: readonlyListSchema(PermissionRequestSummarySchema).exactOptional(),
})
export type AskingAgentData = z.infer<typeof AskingAgentData>

/** A file that several agents edited in parallel, in the structured content of a tool's answer. */
export const SharedEditData = looseObjectSchema({
  path: z.string(),
  agentIds: readonlyListSchema(z.string()),
})
type SharedEditData = z.infer<typeof SharedEditData>

/** The structured content of `wait` and `invoke`: the reports, and every agent that the answer is about. */
export const ReportsData = looseObjectSchema({
  timedOut: z.boolean(),
  reports: readonlyListSchema(
    looseObjectSchema({
      agent: z.string().describe('id'),
      turn: z.number().exactOptional(),
      status,
      answer: z.string().describe('what it said').exactOptional(),
      unreadable: z.string().describe('why its answer could not be read').exactOptional(),
      value: z.unknown().describe('the answer as data, for a launch with output_schema').exactOptional(),
      grade: ResultGrade.exactOptional(),
      evidence: readonlyListSchema(
        looseObjectSchema({ type: z.string(), passed: z.boolean() }),
      ).exactOptional(),
      why: readonlyListSchema(z.string()).describe('why the grade is not better').exactOptional(),
      failure: FailureData.exactOptional(),
      repeated: z.literal(true).describe('may have arrived before').exactOptional(),
      changes: looseObjectSchema(changeCountShape).describe('in its worktree, not applied').exactOptional(),
    }),
  ),
  agents: readonlyListSchema(AskingAgentData),
  sharedEdits: readonlyListSchema(SharedEditData).exactOptional(),
})
export type ReportsData = z.infer<typeof ReportsData>
type ReportData = ReportsData['reports'][number]

type Style = Pick<McpPort, 'supervisor' | 'stalledAfter'>

export function toAgentData(agent: Agent, style: Style): AgentData {
  return pickSchemaKeys(summaryOf(agent, style), agentShape)
}

export function toAskingAgentData(agent: Agent, style: Style): AskingAgentData {
  const summary = summaryOf(agent, style)
  const { permissions } = summary
  return { ...pickSchemaKeys(summary, agentShape), ...(permissions.length > 0 && { permissions }) }
}

function summaryOf(agent: Agent, { supervisor, stalledAfter }: Style): ReturnType<typeof summarizeAgent> {
  return summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
}

/** Returns reports as structured content. Answers of agents are cut as in the text of the tool's answer. */
export function toReportsData(
  news: readonly AgentWithNewReports[],
  style: ReportTextOptions,
): readonly ReportData[] {
  return news.flatMap(({ agent, reports }) =>
    reports.map((report) => {
      const failure = report.type === 'turn' ? failureOf(report.turn.outcome) : findAgentFailure(agent)
      const time = { now: style.supervisor.clock.now(), stalledAfter: style.stalledAfter }
      return {
        agent: agent.profile.id,
        ...(report.type === 'turn' && { turn: report.number }),
        status: report.type === 'turn' ? computeTurnStatus(report.turn) : computeAgentStatus(agent, time),
        ...omitUndefined({
          answer: cutReportedAgentText(agent, report, style),
          unreadable: describeUnreadableText(report, style),
        }),
        ...(report.type === 'turn' && resultData(agent, report, style)),
        ...toFailureData(failure),
        ...omitUndefined({
          changes: report.type === 'approval' ? undefined : style.changes.counts.get(agent.profile.id),
        }),
        ...(report.repeated && { repeated: true as const }),
      }
    }),
  )
}

/** Returns how the result of a turn was checked, and its value if the launch had a schema and the answer is not cut. */
function resultData(
  { profile }: Agent,
  report: AgentReportContent & { type: 'turn' },
  { limit, texts }: ReportTextOptions,
): Pick<ReportData, 'value' | 'grade' | 'evidence' | 'why'> {
  const { check, outcome } = report.turn
  const read = texts.get(report)
  const isWhole = read && 'text' in read && read.text.length <= limit
  if (!profile.outputSchema || outcome.type !== 'completed' || !isWhole) return { ...check }
  return { ...check, ...omitUndefined({ value: parseJson(read.text) }) }
}

/** Returns the files that several agents edited as structured content; without such files nothing. */
export function toSharedEditData(shared: readonly SharedEditData[]): {
  sharedEdits?: readonly SharedEditData[]
} {
  return shared.length === 0 ? {} : { sharedEdits: shared }
}

/** Returns a failure as structured content. Its message is cut as in the text of the tool's answer. */
export function toFailureData(failure: Failure | undefined): { failure?: FailureData } {
  if (!failure) return {}
  const { httpStatus, reasons, ...shown } = failure
  return { failure: { ...shown, message: cutToOneLine(failure.message, agentTextLimits.failure) } }
}

function failureOf(outcome: AgentWithNewReports['agent']['turns'][number]['outcome']): Failure | undefined {
  return outcome.type === 'failed' ? outcome.failure : undefined
}
