import { shellLine } from '../terminal/shell-quote.js'
import type { Context, Trouble } from './check.js'
import { runOurs } from './run-ours.js'
import type { HostWiring } from './wirings.js'

/** How to have setup write a host's wiring once more, as it was chosen. */
export function setupAgain(
  hostWiring: HostWiring,
  context: Context,
): Required<Pick<Trouble, 'mend' | 'fix'>> {
  const words = wordsFor(hostWiring)
  const { scope, project } = hostWiring.wiring
  const isElsewhere = scope === 'project' && project !== context.project
  const command = ['subagent-mcp', ...words]
  return {
    mend: isElsewhere ? shellLine(project, command, context.machine.platform) : command.join(' '),
    fix: () => runOurs([...words, '--yes'], { ...context, cwd: isElsewhere ? project : context.project }),
  }
}

function wordsFor({ host, wiring, isChosen }: HostWiring): string[] {
  const { scope, hooks, suppressNative } = wiring
  return [
    ...['setup', '--host', host.id],
    ...(scope === 'project' ? ['--scope', 'project'] : []),
    // Of a host that setup was told nothing of it is not known whether hooks are wanted.
    ...(isChosen && !hooks ? ['--no-hooks'] : []),
    ...(suppressNative ? ['--suppress-native'] : []),
  ]
}
