import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { z } from 'zod'

/** How a host names itself, as far as it has. */
export type ClientName = { hear(message: JSONRPCMessage): void; get(): string | undefined }

/** Listens for it: a host says it in its greeting or, since the protocol of 2026, with each request. */
export function createClientName(): ClientName {
  let name: string | undefined
  return {
    hear: (message) => {
      if ('method' in message) name ??= nameIn(message.params)
    },
    get: () => name,
  }
}

function nameIn(params: unknown): string | undefined {
  const { clientInfo, _meta } = Params.safeParse(params).data ?? {}
  return (clientInfo ?? _meta?.['io.modelcontextprotocol/clientInfo'])?.name
}

const Client = z.looseObject({ name: z.string() })
const Params = z.looseObject({
  clientInfo: Client.optional(),
  _meta: z.looseObject({ 'io.modelcontextprotocol/clientInfo': Client.optional() }).optional(),
})
