import {
  omitUndefined,
  formatLocalDate,
  SubagentError,
  type Driver,
  type Failure,
  type SessionSpec,
} from '@subagent-mcp/contract'
import {
  listOpenProviderCandidates,
  type LaunchTemplate,
  type SessionSetup,
  type Supervisor,
} from '@subagent-mcp/core'
import {
  composeAgentPrompt,
  findDefinition,
  isProviderPlaceholder,
  listSearchFolders,
  type AgentDefinition,
} from '@subagent-mcp/definitions'
import { checkDefinition, findDefinitionError, type DefinitionRules } from './check-definition.js'
import { mayDefinitionBypassPermissions, type UserTrustSettings } from './check-definition-trust.js'
import { resolveFolder } from '../folders.js'
import { resolve } from 'node:path'

/** A checked definition, with the driver that runs it and the setup of its sessions. */
export type RunnableAgent = {
  /** The definition. If it leaves its provider to the routing table, the chosen provider is filled in. */
  definition: AgentDefinition
  /** The candidates that the routing table ranks after the chosen one. */
  left: LaunchTemplate['left']
  driver: Driver
  /** The folder in which the agent works: absolute and existing. */
  cwd: string
  setup: SessionSetup
  /** Whether the user lets this definition skip all permission checks. */
  isNamed: boolean
}

/** The name, folder and caller with which a definition is looked up, and the user's settings for its checks. */
export type DefinitionQuery = UserTrustSettings & {
  name: string
  /** The caller's choice of folder, for a definition that names none. */
  folder: string | undefined
  /** The folder in which the agent works in place of the one that definition and caller name. */
  worktree?: string
  /** The caller's choice of provider, for a definition that leaves it open. */
  provider?: string
  /** The caller's choice of account, before that of the definition. */
  account?: string
  caller: { caller: string; cwd: string; environment: SessionSpec['environment'] }
  project: string
  drivers: ReadonlyMap<string, Driver>
  supervisor: Supervisor
}

/**
 * Reads an agent's definition from its file and checks it.
 * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`,
 * for an open provider those of `listOpenProviderCandidates`, `invalid-parameter` for another folder than the definition's own
 */
export function readRunnableAgent(query: DefinitionQuery): RunnableAgent {
  const { name, folder, worktree, caller, project, supervisor } = query
  const rules = { ...query, environment: caller.environment }
  const found = findDefinition(name, listSearchFolders(project, caller.environment), project)
  const { definition, left } = chooseProvider(found, query, rules)
  const driver = checkDefinition(definition, rules)
  checkSoleFolder(definition, folder, caller.cwd)
  const cwd = worktree ?? resolveFolder(definition.cwd ?? folder, caller.cwd)
  const date = formatLocalDate(supervisor.clock.now())
  const prompt = composeAgentPrompt(definition, { cwd, date })
  return {
    definition,
    left,
    driver,
    cwd,
    setup: setupOf(definition, prompt),
    isNamed: mayDefinitionBypassPermissions(definition, rules),
  }
}

/** Chooses provider, model and effort of a definition that leaves them to the routing table. */
function chooseProvider(
  definition: AgentDefinition,
  {
    caller: { caller },
    provider: wanted,
    account = definition.account,
    project,
    supervisor,
  }: DefinitionQuery,
  rules: DefinitionRules,
): Pick<RunnableAgent, 'definition' | 'left'> {
  const { provider: word, category = 'fallback_default' } = definition
  if (!isProviderPlaceholder(word)) {
    checkSoleProvider(definition, wanted)
    return { definition, left: undefined }
  }
  const refusalOf = (provider: string): Failure | undefined => {
    const problem = findDefinitionError({ ...definition, provider }, rules)
    return (
      problem && { reason: 'bad-request', message: problem.message, ...omitUndefined({ hint: problem.hint }) }
    )
  }
  const choice = {
    project,
    category,
    caller,
    other: word === 'other',
    refusalOf,
    ...omitUndefined({ provider: wanted, account }),
  }
  const [candidate, ...left] = listOpenProviderCandidates(supervisor, choice)
  return { definition: { ...definition, ...candidate }, left }
}

function checkSoleProvider({ name, provider }: AgentDefinition, wanted: string | undefined): void {
  if (wanted === undefined || wanted === provider) return
  const message = `provider beside agent '${name}', whose definition says ${provider}`
  throw new SubagentError('invalid-parameter', message, { hint: 'leave it out, or launch without agent' })
}

function checkSoleFolder({ name, cwd }: AgentDefinition, folder: string | undefined, from: string): void {
  if (cwd === undefined || folder === undefined || resolve(from, folder) === cwd) return
  throw new SubagentError(
    'invalid-parameter',
    `cwd cannot be given with agent '${name}', whose definition sets ${cwd}`,
    {
      hint: 'leave cwd out',
    },
  )
}

function setupOf(definition: AgentDefinition, appendSystemPrompt: string): SessionSetup {
  const { tools, maxTurns, mcpServers } = definition
  return {
    appendSystemPrompt,
    ...(tools && { tools }),
    ...(maxTurns !== undefined && { maxTurns }),
    ...(mcpServers && { mcpServers }),
  }
}
