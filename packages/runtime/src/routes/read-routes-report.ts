import { isTaskCategory, SubagentError, taskCategories, type Driver } from '@subagent-mcp/contract'
import {
  findAgentAccount,
  chooseAccountsByProvider,
  formatAccountHeadroom,
  type Supervisor,
} from '@subagent-mcp/core'
import { findProjectRoot, type Environment } from '@subagent-mcp/driver-kit'
import type { RoutingTable } from '@subagent-mcp/routing'
import { resolveFolder } from '../folders.js'
import { reportRoutes, type RoutesReportInput, type RoutesReport } from './routes-report.js'
import { surveyProviders } from './survey-providers.js'

/** The time limit of a CLI's answer, in milliseconds: more than a cold start on a slow machine. */
const deadlineMs = 30_000

/** Asks the CLIs for their models, and reports the candidates of a launch in each category. @throws SubagentError `unknown-category` */
export async function readRoutesReport(query: {
  drivers: ReadonlyMap<string, Driver>
  table: RoutingTable
  environment: Readonly<Record<string, string | undefined>>
  category?: string
  headroomOf?: RoutesReportInput['headroomOf']
}): Promise<RoutesReport> {
  const { drivers, table, environment, category, headroomOf } = query
  const all = Object.keys(taskCategories).filter(isTaskCategory)
  const asked = category === undefined ? all : all.filter((name) => name === category)
  if (asked.length === 0)
    throw new SubagentError('unknown-category', `no category '${category ?? ''}'`, {
      hint: `use one of ${all.join(', ')}`,
    })
  const surveyed = await surveyProviders(drivers, { environment, deadlineMs })
  return reportRoutes({ table, drivers, surveyed, ...(headroomOf && { headroomOf }) }, asked)
}

/** The categories whose routes are reported; the environment decides which CLIs can be used. */
export type RoutesQuery = { category?: string; cwd: string; environment: Environment }

type RoutesParts = {
  supervisor: Supervisor
  drivers: ReadonlyMap<string, Driver>
  routingOf: (project: string) => RoutingTable
}

/** Reports the candidates in the project of a folder, with what is left of the limits of each provider's account. */
export function reportProjectRoutes(
  { cwd, ...query }: RoutesQuery,
  { supervisor, drivers, routingOf }: RoutesParts,
): Promise<RoutesReport> {
  const table = routingOf(findProjectRoot(resolveFolder(cwd, cwd)))
  const { clock, state } = supervisor
  const chosen = chooseAccountsByProvider(supervisor, { environment: query.environment })
  const headroomOf = (provider: string): string | undefined =>
    formatAccountHeadroom(state().accountLimits, findAgentAccount(chosen, provider).name, clock.now())
  return readRoutesReport({ ...query, drivers, table, headroomOf })
}
