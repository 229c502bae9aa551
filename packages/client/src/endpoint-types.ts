import type { daemonApi } from '@subagent-mcp/api'
import type { z } from 'zod'

type Table = typeof daemonApi

type Name = keyof Table

export type EndpointBody<One extends Name> = z.input<Table[One]['body']>

export type EndpointQuery<One extends Name> = z.output<Table[One]['query']>

export type EndpointAnswer<One extends Name> = z.output<Table[One]['answer']>
