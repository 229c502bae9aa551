import type { ListedWorktree } from '@subagent-mcp/api'
import { jsonFlag } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { formatMegabytes, shortPath, shortSpan } from '../../terminal/format.js'
import { printList } from '../../terminal/print.js'
import { tableLines, type TableColumn } from '../../terminal/table.js'
import { cutLine } from '../../terminal/text.js'

/** Lists the worktrees of agents on disk, also those whose agents are deleted. */
export const worktreesCommand = daemonCommand(
  {
    description: 'List the worktrees of agents: changes that you have not taken yet, size and age',
    details: [
      'Worktrees without changes are deleted by themselves; others stay until you apply or discard their changes,',
      'and are packed into a git bundle after worktree.keepDays of config.jsonc.',
    ],
    examples: ['worktrees', 'worktrees --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, { client, terminal }) => {
    const { now, home } = terminal
    const items = await client.worktrees()
    const columns = columnsAt({ now: now(), home })
    const isPending = items.some(({ state }) => state === 'changed')
    const remarks =
      items.length === 0
        ? ['no worktrees; to launch an agent in one: subagent-mcp run "<prompt>" --worktree']
        : isPending
          ? ['to see and take changes: subagent-mcp changes <id>']
          : []
    const dropFirst = ['FOLDER', 'NAME', 'AGE', 'SIZE']
    return printList(
      { items, json, remarks, render: (rows, screen) => tableLines(rows, { columns, dropFirst }, screen) },
      terminal,
    )
  },
)

function columnsAt({ now, home }: { now: number; home: string }): TableColumn<ListedWorktree>[] {
  return [
    ['ID', ({ id }) => id, 'bold'],
    ['NAME', ({ agentName = '' }) => cutLine(agentName, 24)],
    ['STATE', ({ state }) => state, ({ state }) => (state === 'unchanged' ? 'dim' : 'yellow')],
    ['FILES', ({ changedFiles }) => `${changedFiles}`],
    ['SIZE', ({ bytes }) => formatMegabytes(bytes)],
    ['AGE', ({ createdAt }) => shortSpan(now - createdAt)],
    ['FOLDER', ({ path }) => cutLine(shortPath(path, home), 40)],
    ['PROJECT', ({ source }) => cutLine(shortPath(source, home), 40)],
  ]
}
