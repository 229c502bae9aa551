import type { SessionSpec } from '@subagent-mcp/contract'
import { listDefinitions, placesOf, type ListedDefinition } from '@subagent-mcp/definitions'
import type { ListedAgent } from '@subagent-mcp/mcp-server'
import type { Pool } from '@subagent-mcp/pool'

/** The agents that a project can use, and those whose files are broken, each with its processes. */
export function listedAgents({
  pool,
  project,
  environment,
}: {
  pool: Pool
  project: string
  environment: SessionSpec['environment']
}): readonly ListedAgent[] {
  return listDefinitions(placesOf(project, environment), project).map((listed) => {
    const about = describe(listed)
    const processes = pool.processes({ agent: about.name, project })
    return { ...about, processes, figures: pool.figures(about.name, project) }
  })
}

function describe(listed: ListedDefinition): Omit<ListedAgent, 'processes' | 'figures'> {
  if (listed.type === 'valid') {
    const { name, description, provider, path } = listed.definition
    return { name, description, provider, path }
  }
  const { name, path, error } = listed
  const problem = error.hint === undefined ? error.message : `${error.message} (${error.hint})`
  return { name, description: '', provider: '', path, problem }
}
