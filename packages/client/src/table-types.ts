import type { api } from '@subagent-mcp/api'
import type { z } from 'zod'

type Table = typeof api

/** The name of an endpoint. */
type Name = keyof Table

/** The input type of an endpoint's request body. */
export type ApiBody<One extends Name> = z.input<Table[One]['body']>

/** What is sent to an endpoint in the query of its URL. */
export type ApiQuery<One extends Name> = z.output<Table[One]['query']>

/** What an endpoint answers. */
export type ApiAnswer<One extends Name> = z.output<Table[One]['answer']>
