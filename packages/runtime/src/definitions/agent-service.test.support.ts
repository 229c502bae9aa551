import { findProjectRoot } from '@subagent-mcp/driver-kit'
import type { Driver, PermissionPreset } from '@subagent-mcp/contract'
import {
  createSupervisor,
  defaultSupervisorLimits,
  type Fact,
  type SupervisorLimits,
  type Supervisor,
} from '@subagent-mcp/core'
import { createSessionPool, type SessionPool } from '@subagent-mcp/pool'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  makeDefinitionFolders,
  type DefinitionFolders,
} from '@subagent-mcp/testkit'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createAgentService, type AgentCaller, type CallerDefinitions } from './agent-service.js'
import { authority } from '../authority.test.support.js'
import { defaultPoolSettings } from './pool-settings.js'

/** An agent service over a real pool and a real supervisor, with a driver that the test controls. */
export type ServiceStage = DefinitionFolders & {
  driver: ManualDriver
  clock: ManualClock
  pool: SessionPool
  supervisor: Supervisor
  /** The defined agents of a caller in the project. */
  agents(caller?: Partial<AgentCaller>): CallerDefinitions
}

const host = { caller: 'c', depth: 0, authority: authority('accept-edits') }

/** Opens an agent service, which ends with its test. */
export function openServiceStage({
  limits = defaultSupervisorLimits,
  bypassPermissions = [],
  variables = {},
  ceiling = 'accept-edits',
  checkSettings = () => undefined,
  others = [],
}: {
  limits?: SupervisorLimits
  bypassPermissions?: readonly string[]
  /** The variables of the environment that the user allows a project's definition, by its path in the project. */
  variables?: Record<string, string[]>
  ceiling?: PermissionPreset
  checkSettings?: () => void
  /** Drivers beside that of claude. */
  others?: readonly Driver[]
} = {}): ServiceStage {
  const folders = makeDefinitionFolders()
  const place = { ...host, cwd: folders.project, project: findProjectRoot(folders.project) }
  const [driver, clock] = [createManualDriver(), createManualClock()]
  const drivers: ReadonlyMap<string, Driver> = new Map([driver, ...others].map((one) => [one.id, one]))
  const pool: SessionPool = createSessionPool({
    drivers,
    clock,
    newId: randomUUID,
    memoryOf: () => undefined,
    hasRoomToSpare: () => true,
    decide: () => ({ verdict: 'ask', by: 'the test' }),
    onChange: () => {
      supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool: pool.load() })
    },
    log: () => undefined,
  })
  const pooled = [...drivers.values()].map((one) => pool.pooled(one))
  const supervisor = createHandSupervisor({ drivers: pooled, clock, limits })
  onTestFinished(() => pool.close())
  const trust = {
    ...{ ceiling, bypassPermissions, definitionVariables: below(folders.project, variables) },
    settingsPlace: join(folders.home, '.subagent-mcp', 'config.jsonc'),
  }
  const parts = { pool, drivers, supervisor, poolDefaults: defaultPoolSettings, trust, checkSettings }
  const agentsFor = createAgentService(parts)
  return {
    ...folders,
    ...{ driver, clock, pool, supervisor },
    agents: ({ environment = folders.environment, ...caller } = {}) =>
      agentsFor({ ...place, environment, ...caller }),
  }
}

function createHandSupervisor({
  drivers,
  clock,
  limits,
}: {
  drivers: Driver[]
  clock: ManualClock
  limits: SupervisorLimits
}): Supervisor {
  const facts: Fact[] = []
  let ids = 0
  return createSupervisor({
    drivers,
    clock,
    limits,
    judge: () => ({ verdict: 'ask', by: 'the test', humanOnly: false }),
    ids: { agent: () => `a${(ids += 1)}`, message: randomUUID },
    journal: {
      append: (more) => facts.push(...more),
      forget: () => undefined,
      factsOf: () => [],
      onProblem: (error) => {
        throw error
      },
    },
  })
}

function below(folder: string, variables: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(variables).map(([path, names]) => [join(folder, path), names]))
}
