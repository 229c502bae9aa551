import type { Prompt } from '@modelcontextprotocol/server'
import type { PooledAgent } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { AgentsPort } from './ports/agents-port.js'
import type { McpPort } from './ports/mcp-port.js'
import { listSlashCommands } from './slash-commands.js'
import type { McpTool } from './mcp-tool.js'
import { mcpTools } from './mcp-tools.js'

/** Whether agents are defined for the caller (`definitions`), and whether the caller can exchange messages with others (`mail`). */
export type UsableFeatures = { definitions: boolean; mail: boolean }

/**
 * The tools that need definitions or mail to be useful. A call of a tool that is not offered is still answered, and the answer names
 * what is missing.
 */
const needs: Readonly<Record<keyof UsableFeatures, readonly string[]>> = {
  definitions: ['invoke', 'warmup', 'list', 'reset'],
  mail: ['chat', 'sync'],
}

export type CallerToolRights = {
  /** Whether tools that launch agents are offered. They are not offered to agents at the depth limit. */
  mayLaunch: boolean
  /** The only tools that the connection may use. Default: all. */
  offers?: readonly string[]
  /** Whether tools that the caller cannot use yet are offered, too. */
  offersAll?: boolean
}

export function listAllowedTools({ mayLaunch, offers }: CallerToolRights): readonly McpTool[] {
  return mcpTools.filter(({ name, launches }) => (mayLaunch || !launches) && (offers?.includes(name) ?? true))
}

/**
 * The tools that a caller is offered: the allowed ones that it can use now, or all allowed ones if the user's settings or a list
 * of names say so.
 */
export function listOfferedTools(rights: CallerToolRights, usable: UsableFeatures): readonly McpTool[] {
  const allowed = listAllowedTools(rights)
  if (rights.offersAll || rights.offers) return allowed
  const useless = [...(usable.definitions ? [] : needs.definitions), ...(usable.mail ? [] : needs.mail)]
  return allowed.filter(({ name }) => !useless.includes(name))
}

/** The lists of tools and prompts that a host gets for one caller, and the notification of their changes. */
export type ToolAndPromptLists = {
  tools(): Promise<readonly McpTool[]>
  prompts(): readonly Prompt[]
  /** Calls `listener` when a list has changed, until the returned function is called. */
  onChange(listener: (list: ChangedListName) => void): () => void
}

export type ChangedListName = 'tools' | 'prompts'

/** Creates the lists of a caller. Definitions are read at each call of a list, and are watched while a listener is registered. */
export function createToolAndPromptLists(caller: CallerToolRights & { port: McpPort }): ToolAndPromptLists {
  const { agents, mail, recap, setup } = caller.port
  const toolsWith = (usable: UsableFeatures): readonly McpTool[] => listOfferedTools(caller, usable)
  const promptsWith = (definitions: Definitions): readonly Prompt[] =>
    listSlashCommands(definitions ?? [], { hasSetup: setup !== undefined, hasRecap: recap !== undefined })
  return {
    tools: async () => {
      const definitions = hasOwnDefinitions(readDefinitions(agents))
      return toolsWith({ definitions, mail: (await mail?.isUsed()) ?? false })
    },
    prompts: () => promptsWith(readDefinitions(agents)),
    onChange: (listener) => {
      // A change in the use of the mailbox is reported separately, so the mailbox is not read here.
      const look = (): Record<ChangedListName, string> => {
        const definitions = readDefinitions(agents)
        return {
          tools: textOf(toolsWith({ definitions: hasOwnDefinitions(definitions), mail: false })),
          prompts: textOf(promptsWith(definitions)),
        }
      }
      // A list counts as changed when it differs from what it is now. What the host got from an earlier daemon is not known here.
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

/** Whether the tools that a caller is offered depend on the use of its mailbox. */
function dependsOnMail(rights: CallerToolRights): boolean {
  const [without, together] = [false, true].map(
    (mail) => listOfferedTools(rights, { definitions: true, mail }).length,
  )
  return without !== together
}

/** The definitions of a caller; `undefined` if their folders cannot be read. */
type Definitions = readonly PooledAgent[] | undefined

/**
 * Whether `list` and the other tools for definitions are offered. Built-in definitions are only for `launch_agent`. If definitions
 * cannot be read, `list` reports the problem.
 */
function hasOwnDefinitions(definitions: Definitions): boolean {
  return definitions?.some(({ builtIn }) => !builtIn) ?? true
}

function readDefinitions(agents: AgentsPort): Definitions {
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
