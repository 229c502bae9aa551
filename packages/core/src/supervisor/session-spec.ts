import type { DriverAbilities, Driver, JsonSchema, SessionSpec } from '@subagent-mcp/contract'
import type { AgentProfile } from '../agent/agent.js'
import { getAgentAuthority, createSessionRights } from '../launch/session-rights.js'
import type { Effect } from '../state/effect.js'

/** The settings with which a driver opens an agent's session, except for its schema. */
export function createSessionSpec(
  { profile, candidate, resumeSessionId }: Effect & { type: 'open' },
  environment: SessionSpec['environment'],
  abilities: Pick<DriverAbilities, 'confines' | 'toolChoice'>,
): SessionSpec {
  const { cwd, source, mcp, depth, setup: { tools, ...setup } = {}, pool } = profile
  const { model, effort } = candidate
  return {
    cwd,
    ...(source !== undefined && { source }),
    mcp,
    depth,
    environment,
    ...setup,
    // If the CLI cannot restrict its tools, the closed list of the agent restricts them.
    ...(tools && abilities.toolChoice && { tools }),
    ...createSessionRights(getAgentAuthority(profile), abilities),
    ...(pool && { pool: pool.key }),
    ...(model !== undefined && { model }),
    ...(effort && { effort }),
    ...(resumeSessionId !== undefined && { resumeSessionId }),
  }
}

/**
 * How a session is asked for an answer by a schema: `outputSchema` if its CLI enforces schemas, otherwise `request`, a text at the end of
 * each prompt. A task always gets the text, because its session was opened for any task of its definition.
 */
export type OutputSchemaRequest = { outputSchema?: JsonSchema; request?: string }

export function createOutputSchemaRequest(
  { outputSchema: schema, pool }: AgentProfile,
  driver: Pick<Driver, 'takesSchema'> | undefined,
): OutputSchemaRequest {
  if (!schema) return {}
  // The dialect is checked at launch. CLIs refuse its name.
  const { $schema: _, ...outputSchema } = schema
  return !pool && driver?.takesSchema?.(outputSchema) === true
    ? { outputSchema }
    : { request: schemaRequest(outputSchema) }
}

/** The words that ask a model for an answer by a schema. */
function schemaRequest(schema: JsonSchema): string {
  const form =
    'End your turn with one JSON value that matches this JSON Schema, and nothing around it: no words, no code fence.'
  return `${form}\n${JSON.stringify(schema)}`
}
