import { createUsageError } from '../../command/create-usage-error.js'
import { booleanArgSchema } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { runTop } from '../../top/run-top.js'

export const topCommand = defineDaemonCommand(
  {
    description: 'Watch all agents live on the whole screen; keys answer, message and kill them',
    details: [
      'Shows the agents that subagent-mcp ps lists. The key ? shows all keys; q quits, and the agents continue.',
      'Needs a terminal; in scripts use subagent-mcp ps --watch --json instead.',
    ],
    examples: ['top', 'top --here'],
    flags: {
      all: booleanArgSchema('Also list agents that ended more than an hour ago'),
      here: booleanArgSchema('List only agents that were launched in this project'),
    },
  },
  (filter, context) => {
    const { fullScreen } = context.terminal
    if (fullScreen) return fullScreen((screen) => runTop(filter, context, screen))
    const hint = 'list the agents with subagent-mcp ps, or print each change with subagent-mcp ps --watch'
    throw createUsageError('top needs a terminal that it can draw on, and TERM must not be dumb', hint)
  },
)
