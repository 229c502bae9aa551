import type { Abilities, Failure } from '@subagent-mcp/contract'
import type { Profile } from '../agent/agent.js'

/**
 * What a provider's CLI cannot honour of what its sessions are to be opened with. Where a closed list says what may be
 * done, a choice of tools need not be honoured.
 */
export function checkSetup(
  { setup = {}, authority }: Pick<Profile, 'setup' | 'authority'>,
  { id, abilities }: { id: string; abilities: Abilities },
): Failure | undefined {
  const isClosed = authority?.closed !== undefined
  const { tools, maxTurns, mcpServers } = setup
  const wishes = [
    { wish: tools, able: abilities.toolChoice || isClosed, message: 'cannot be held to some tools' },
    { wish: maxTurns, able: abilities.maxTurns, message: 'cannot be held to a number of turns' },
    { wish: mcpServers, able: abilities.ownMcpServers, message: 'cannot be given MCP servers of its own' },
  ]
  const refused = wishes.find(({ wish, able }) => wish !== undefined && !able)
  if (!refused) return undefined
  return {
    reason: 'bad-request',
    message: `${id} ${refused.message}`,
    hint: 'leave it out, or launch another provider',
  }
}
