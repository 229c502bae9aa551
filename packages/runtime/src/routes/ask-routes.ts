import { isTaskCategory, SubagentError, taskCategories, type Driver } from '@subagent-mcp/contract'
import type { RoutingTable } from '@subagent-mcp/routing'
import { reportRoutes, type RoutesFacts, type RoutesReport } from './routes-report.js'
import { surveyProviders } from './routes-survey.js'

/** The time limit of a CLI's answer, in milliseconds: more than a cold start on a slow machine. */
const deadlineMs = 30_000

/**
 * Asks the CLIs for their models, and reports the candidates of a launch in each category. @throws SubagentError
 * `unknown-category`
 */
export async function askRoutes(query: {
  drivers: ReadonlyMap<string, Driver>
  table: RoutingTable
  environment: Readonly<Record<string, string | undefined>>
  category?: string
  headroomOf?: RoutesFacts['headroomOf']
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
