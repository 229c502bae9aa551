import { shellCommand, shellLine } from '../terminal/shell-quote.js'
import type { Context, Trouble } from './check.js'
import { runSetup } from './run-setup.js'
import type { HostWiring } from './wirings.js'

/** How to have setup write a host's wiring once more, as it was chosen. */
export function setupAgain(
  hostWiring: HostWiring,
  context: Context,
): Required<Pick<Trouble, 'mend' | 'fix'>> {
  const words = wordsFor(hostWiring)
  const { scope, project } = hostWiring.wiring
  const cwd = scope === 'project' ? project : context.project
  return {
    mend: commandIn(cwd, ['subagent-mcp', 'setup', ...words], context),
    fix: () => runSetup(words, { ...context, cwd }),
  }
}

/** A command to be run in a project, which the user may be in. */
export function commandIn(
  cwd: string,
  command: readonly string[],
  { project, machine }: Pick<Context, 'project' | 'machine'>,
): string {
  const { platform } = machine
  return cwd === project ? shellCommand(command, platform) : shellLine(cwd, command, platform)
}

function wordsFor({ host, wiring, trust, isChosen }: HostWiring): string[] {
  const { scope, hooks, suppressNative } = wiring
  return [
    ...['--host', host.id],
    ...(scope === 'project' ? ['--scope', 'project'] : []),
    // Of a host that setup was told nothing of it is not known whether hooks are wanted.
    ...(isChosen && !hooks ? ['--no-hooks'] : []),
    ...(host.id === 'codex' && hooks && !trust ? ['--no-trust'] : []),
    ...(suppressNative ? ['--suppress-native'] : []),
  ]
}
