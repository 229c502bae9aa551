import { launchOptions, type LaunchOption, type LaunchOptions } from './launch-options.js'

const forPrograms = 'for programs that keep a session of their own; a model has no use for it'
const notAtTerminal = 'the command stays with its agent until it is done'
const ownWords = 'the definition says it with a key of its own'
const ofOneLaunch = 'it belongs to one launch, and not to all of an agent'
const ofTheWorker = 'the worker sets it for its sessions'

/** For each surface (a tool, endpoint, command or file): the launch options that it does not take, with the reason. It takes all others. */
export const launchOptionsExcludedBySurface = {
  mcp: { setup: forPrograms, allowedTools: forPrograms, keepOpen: forPrograms },
  http: {},
  run: {
    prompt: 'it is the word that the command is given',
    accept:
      'said as --accept, --accept-only, --accept-must, --accept-review, --accept-tries and --accept-project',
    outputSchema: 'the command also takes the path of a file',
    files: 'said as --file',
    onHostExit: notAtTerminal,
    isolation: 'said as --worktree',
    mcp: notAtTerminal,
    requestId: notAtTerminal,
    keepOpen: notAtTerminal,
    deadlock: notAtTerminal,
    setup: notAtTerminal,
    allowedTools: notAtTerminal,
    queue: notAtTerminal,
    budget: 'said as --budget-usd, --budget-tokens and --budget-minutes',
  },
  batch: {
    onHostExit: 'the agents of a batch outlive its command',
    requestId: 'the command gives each line its own',
    queue: 'the command waits until there is room',
  },
  worker: {
    prompt: 'it is the message that the worker answers',
    changes: ofOneLaunch,
    accept: 'its answers are messages',
    outputSchema: 'its answers are messages',
    account: 'a worker uses the account of the environment in which it is started',
    files: ofOneLaunch,
    category: ofTheWorker,
    cwd: 'a worker works where it is started',
    name: 'it is the name under which the worker gets its mail',
    onHostExit: ofTheWorker,
    isolation: 'said as --worktree',
    mcp: ofTheWorker,
    requestId: ofTheWorker,
    keepOpen: 'said as --session warm',
    effort: 'a worker leaves it to the model',
    deadlock: ofTheWorker,
    permissions: 'said as --permission-mode',
    setup: 'said as --max-turns and --mcp-config',
    allowedTools: 'said as --allowed-tools, with the rules of chat and sync',
    queue: ofTheWorker,
    budget: 'a worker has a budget of each day',
    onLimit: 'a worker rests by itself',
  },
  definition: {
    prompt: ofOneLaunch,
    agent: 'it is the definition',
    changes: ofOneLaunch,
    files: 'those of each of its sessions are said as prime and expertise',
    category: 'said as task_category',
    cwd: ownWords,
    name: 'the name of its file',
    onHostExit: ofOneLaunch,
    mcp: 'said as mcpServers',
    requestId: ofOneLaunch,
    keepOpen: ofOneLaunch,
    prefer: 'a definition names one provider',
    deadlock: ofOneLaunch,
    permissions: 'said as permissionMode',
    setup: 'said as tools, maxTurns, mcpServers and the text',
    allowedTools: 'said as tools, deny and ask',
    queue: ofOneLaunch,
  },
} as const satisfies Record<string, Partial<Record<LaunchOption, string>>>

export type LaunchSurface = keyof typeof launchOptionsExcludedBySurface

/** The options that a surface takes, after they were parsed. */
export type LaunchOptionsOfSurface<Surface extends LaunchSurface> = Omit<
  LaunchOptions,
  keyof (typeof launchOptionsExcludedBySurface)[Surface]
>

export function getLaunchOptionSchemas<Surface extends LaunchSurface>(
  surface: Surface,
): Omit<typeof launchOptions, keyof (typeof launchOptionsExcludedBySurface)[Surface]>
export function getLaunchOptionSchemas(surface: LaunchSurface): object {
  return Object.fromEntries(
    Object.entries(launchOptions).filter(
      ([option]) => !Object.hasOwn(launchOptionsExcludedBySurface[surface], option),
    ),
  )
}
