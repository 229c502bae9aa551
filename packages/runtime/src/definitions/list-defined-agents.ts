import type { PooledAgent } from '@subagent-mcp/api'
import type { SessionSpec } from '@subagent-mcp/contract'
import { listDefinitions, listSearchFolders, type ListedDefinition } from '@subagent-mcp/definitions'
import type { SessionPool } from '@subagent-mcp/pool'
import { findDefinitionError, type DefinitionRules } from './check-definition.js'

/** The project whose definitions are listed, and the checks of its definitions. */
export type ListedAgentsQuery = DefinitionRules & {
  pool: SessionPool
  environment: SessionSpec['environment']
}

/** Lists a project's valid and invalid definitions, and deleted definitions of which a process still runs. */
export function listDefinedAgents(query: ListedAgentsQuery): readonly PooledAgent[] {
  const { pool, project, environment } = query
  const defined = listDefinitions(listSearchFolders(project, environment), project).map((one) =>
    describe(one, query),
  )
  const names = new Set(defined.map(({ name }) => name))
  const live = pool.processes({ project })
  const gone = live.filter(({ agent }) => !names.has(agent))
  const undefinedOnes = new Map(gone.map(({ agent, provider }) => [agent, describeGone(agent, provider)]))
  return [...defined, ...undefinedOnes.values()].map((about) => {
    const processes = live.filter(({ agent }) => agent === about.name)
    return { ...about, processes, figures: pool.figures(about.name, project) }
  })
}

type About = Omit<PooledAgent, 'processes' | 'figures'>

function describe(listed: ListedDefinition, rules: DefinitionRules): About {
  if (listed.type === 'invalid') {
    const { name, path, error } = listed
    return { name, description: '', provider: '', path, problem: problemText(error) }
  }
  const { name, description, provider, path, builtIn } = listed.definition
  const error = findDefinitionError(listed.definition, rules)
  const mark = builtIn && { builtIn }
  return { name, description, provider, path, ...mark, ...(error && { problem: problemText(error) }) }
}

function problemText({ message, hint }: { message: string; hint: string | undefined }): string {
  return hint === undefined ? message : `${message} (${hint})`
}

function describeGone(name: string, provider: string): About {
  const problem = 'its file is gone (a reset ends its processes)'
  return { name, description: '', provider, path: '', problem }
}
