import type { ListedWorktree } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import { createFlagNeedsRule } from '../../command/arg-rules.js'
import { cwdFlag, jsonFlag, booleanArgSchema, yesFlag } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { formatMegabytes, formatShortPath, formatShortTimeSpan } from '../../terminal/format.js'
import { printList } from '../../terminal/print.js'
import { formatTableLines, type TableColumn } from '../../terminal/table.js'
import { cutSafeLine } from '../../terminal/text.js'

export const worktreesCommand = defineDaemonCommand(
  {
    description: 'List the private copies of repositories (git worktrees) in which agents work',
    details: [
      'A worktree without changes is deleted automatically; another stays until you apply or discard its changes.',
      'After worktree.keepDays of config.jsonc (30 days) its changes are packed into a git bundle, a file.',
    ],
    examples: ['worktrees', 'worktrees --json', 'worktrees --set-up'],
    flags: {
      setUp: booleanArgSchema('Give each new worktree of this project its installed packages; asks first'),
      cwd: cwdFlag,
      yes: yesFlag,
      json: jsonFlag,
    },
    rules: [createFlagNeedsRule('yes', 'setUp'), createFlagNeedsRule('cwd', 'setUp')],
  },
  async ({ setUp, cwd, yes, json }, { client, terminal }) => {
    if (setUp) {
      // Loaded when needed, because the installer is large.
      const { askToSetUpWorktrees } = await import('./set-up-worktrees.js')
      return askToSetUpWorktrees({ yes, json, ...omitUndefined({ cwd }) }, terminal)
    }
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
      {
        items,
        json,
        remarks,
        render: (rows, screen) => formatTableLines(rows, { columns, dropFirst }, screen),
      },
      terminal,
    )
  },
)

function columnsAt({ now, home }: { now: number; home: string }): TableColumn<ListedWorktree>[] {
  return [
    ['ID', ({ id }) => id, 'bold'],
    ['NAME', ({ agentName = '' }) => cutSafeLine(agentName, 24)],
    ['STATE', ({ state }) => state, ({ state }) => (state === 'unchanged' ? 'dim' : 'yellow')],
    ['FILES', ({ changedFiles }) => `${changedFiles}`],
    ['SIZE', ({ bytes }) => formatMegabytes(bytes)],
    ['AGE', ({ createdAt }) => formatShortTimeSpan(now - createdAt)],
    ['FOLDER', ({ path }) => cutSafeLine(formatShortPath(path, home), 40)],
    ['PROJECT', ({ source }) => cutSafeLine(formatShortPath(source, home), 40)],
  ]
}
