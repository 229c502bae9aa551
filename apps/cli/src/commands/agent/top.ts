import { usageError } from '../../command/wrong-use.js'
import { boolArg } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { runTop } from '../../top/run-top.js'

export const topCommand = daemonCommand(
  {
    description:
      'Show all agents live on the whole screen, those that need you first; answer, send and kill by keys',
    details: [
      'Lists what ps lists. ? shows the keys, q quits; the agents continue.',
      'Needs a terminal; in a pipe use ps --watch, with --json for programs.',
    ],
    examples: ['top', 'top --here'],
    flags: {
      all: boolArg('Also list agents that ended more than an hour ago'),
      here: boolArg('List only agents of this project'),
    },
  },
  (filter, context) => {
    const { fullScreen } = context.terminal
    if (fullScreen) return fullScreen((screen) => runTop(filter, context, screen))
    const hint = 'list the agents with subagent-mcp ps, or print each change with subagent-mcp ps --watch'
    throw usageError('top needs a terminal that it can draw on, and TERM must not be dumb', hint)
  },
)
