import type { Prompt } from '@modelcontextprotocol/server'
import type { ListedAgent } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { AgentsPort } from './ports/agents-port.js'
import type { McpPort } from './ports/mcp-port.js'
import { promptsFor } from './prompts.js'
import type { Tool } from './tool.js'
import { tools } from './tools.js'

/** What a caller has to use tools on: agents that are defined for it, and others that it can exchange messages with. */
export type UsableFeatures = { definitions: boolean; mail: boolean }

/** The tools that are of no use without something, by what they need. A call to one that is not offered runs all the same, and its answer names what is missing. */
const needs: Readonly<Record<keyof UsableFeatures, readonly string[]>> = {
  definitions: ['invoke', 'warmup', 'list', 'reset'],
  mail: ['chat', 'sync'],
}

/** What a caller may use. */
export type ToolRights = {
  /** Whether the tools that launch agents are offered: not for agents at the depth limit. */
  mayLaunch: boolean
  /** The only tools that the connection may use. Default: all. */
  offers?: readonly string[]
  /** Offers also the tools that the caller cannot use yet. */
  offersAll?: boolean
}

/** The tools that a caller may call. */
export function allowedTools({ mayLaunch, offers }: ToolRights): readonly Tool[] {
  return tools.filter(({ name, launches }) => (mayLaunch || !launches) && (offers?.includes(name) ?? true))
}

/** The tools that a caller is shown: the allowed ones that it can use now, or all of them where the user or a list of names says so. */
export function offeredTools(rights: ToolRights, usable: UsableFeatures): readonly Tool[] {
  const allowed = allowedTools(rights)
  if (rights.offersAll || rights.offers) return allowed
  const useless = [...(usable.definitions ? [] : needs.definitions), ...(usable.mail ? [] : needs.mail)]
  return allowed.filter(({ name }) => !useless.includes(name))
}

/** The lists that a host sees of one caller, and when they change. */
export type OfferedLists = {
  tools(): Promise<readonly Tool[]>
  prompts(): readonly Prompt[]
  /** Calls `listener` when a list has changed, until the returned function is called. */
  onChange(listener: (list: ChangedList) => void): () => void
}

export type ChangedList = 'tools' | 'prompts'

/** Creates the offer of a caller. It reads definitions when it is asked, and follows changes while somebody listens. */
export function createOffer(caller: ToolRights & { port: McpPort }): OfferedLists {
  const { agents, mail } = caller.port
  const toolsWith = (usable: UsableFeatures): readonly Tool[] => offeredTools(caller, usable)
  // Unreadable definitions are not none: `list` tells what is wrong. Those that are built in serve `launch_agent` alone.
  const hasDefinitions = (): boolean => readDefinitions(agents)?.some(({ builtIn }) => !builtIn) ?? true
  const prompts = (): readonly Prompt[] => promptsFor(readDefinitions(agents) ?? [])
  return {
    tools: async () => {
      const definitions = hasDefinitions()
      return toolsWith({ definitions, mail: (await mail?.isUsed()) ?? false })
    },
    prompts,
    onChange: (listener) => {
      // What mail adds is a change of its own, so the mailbox is not looked at for this.
      const look = (): Record<ChangedList, string> => ({
        tools: textOf(toolsWith({ definitions: hasDefinitions(), mail: false })),
        prompts: textOf(prompts()),
      })
      // From here on, not from the host's first list: it may have that from an earlier daemon.
      let seen = look()
      const stopDefinitions = agents.onDefinitionsChange(() => {
        const [before, now] = [seen, look()]
        seen = now
        for (const list of ['tools', 'prompts'] as const) if (before[list] !== now[list]) listener(list)
      })
      const stopMail = dependsOnMail(caller)
        ? mail?.onUsed(() => {
            listener('tools')
          })
        : undefined
      return () => {
        stopDefinitions()
        stopMail?.()
      }
    },
  }
}

/** Whether the tools of a caller depend on the use of its mailbox. */
function dependsOnMail(rights: ToolRights): boolean {
  const [without, together] = [false, true].map(
    (mail) => offeredTools(rights, { definitions: true, mail }).length,
  )
  return without !== together
}

/** The caller's definitions; `undefined` if their folders cannot be read. */
function readDefinitions(agents: AgentsPort): readonly ListedAgent[] | undefined {
  try {
    return agents.definitions()
  } catch (error) {
    if (error instanceof SubagentError) return undefined
    throw error
  }
}

function textOf(list: readonly { name: string; description?: string | undefined }[]): string {
  return JSON.stringify(list.map(({ name, description }) => [name, description]))
}
