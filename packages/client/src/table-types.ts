import type { api } from '@subagent-mcp/api'
import type { z } from 'zod'

type Table = typeof api

type Name = keyof Table

/** The input type of an endpoint's request body. */
export type EndpointBody<One extends Name> = z.input<Table[One]['body']>

export type EndpointQuery<One extends Name> = z.output<Table[One]['query']>

/** The type of an endpoint's answer. */
export type EndpointAnswer<One extends Name> = z.output<Table[One]['answer']>
