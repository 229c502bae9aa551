import { projectOf } from '@subagent-mcp/driver-kit'
import { setup, type FilePlan, type HostId, type Wiring } from '@subagent-mcp/installer'
import { isAbsolute } from 'node:path'
import { exitCode } from '../../exit.js'
import { commandFor } from '../../releases/server-command.js'
import { installerOptions } from '../../settings/installer-options.js'
import { agrees } from '../../terminal/input.js'
import { plural } from '../../terminal/format.js'
import type { Terminal } from '../../terminal/terminal.js'
import { describePlan, diffLines } from './wiring-plan.js'
import { setupReport, summaryLines } from './setup-text.js'

/** What is to be wired, and how it is told; without `hosts` those that are here. */
export type SetupOrder = Pick<Wiring, 'scope' | 'hooks' | 'suppressNative'> & {
  hosts?: readonly HostId[]
  trust: boolean
  dryRun: boolean
  yes: boolean
  json: boolean
}

/** Shows the plan of setup, asks, applies it, and prints the next step. @throws SubagentError */
export async function setUpHosts(order: SetupOrder, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal
  const { hosts, scope, hooks, suppressNative, trust: trustCodexHooks } = order
  const server = commandFor(scope)
  const plan = setup({
    ...installerOptions(terminal),
    ...{ server, scope, project: projectOf(terminal.cwd), hooks, suppressNative, trustCodexHooks },
    ...(hosts !== undefined && { hosts }),
  })
  const files = plan.files.filter((item) => item.type === 'write')
  const print = (lines: readonly string[]): Promise<void> =>
    order.json ? Promise.resolve() : stdout.print(lines.map((line) => `${line}\n`).join(''))
  const isShownInFull = order.dryRun || (!order.yes && !terminal.ask)
  if (scope === 'project' && isAbsolute(server.command) && files.length > 0) await stderr.print(onlyHere)
  await print([
    ...describePlan(plan.files, terminal),
    ...(isShownInFull ? diffLines(files, stdout.paint) : []),
  ])
  if (order.dryRun || !(await isAgreed(order, files, terminal))) {
    if (order.json) await stdout.print(setupReport(plan))
    else if (!order.dryRun) await stderr.print('nothing was written\n')
    const isPossible = order.dryRun && plan.files.every(({ type }) => type !== 'refused')
    return isPossible ? exitCode.done : exitCode.failed
  }
  const result = await plan.apply(() => stderr.print('asking codex whether it trusts our hooks ...\n'))
  if (order.json) await stdout.print(setupReport(plan, result))
  else await print(summaryLines(plan, result, terminal))
  return result.isComplete ? exitCode.done : exitCode.failed
}

const onlyHere =
  'these files of the project will name a path of this machine, since this copy of subagent-mcp is not known to come from a registry: do not commit them. With npx subagent-mcp@<version> setup --scope project they name the package, which works for everybody\n'

/** Without a file to write, the user is not asked. */
async function isAgreed(
  { yes }: SetupOrder,
  files: readonly FilePlan[],
  terminal: Terminal,
): Promise<boolean> {
  if (yes || files.length === 0) return true
  return agrees(terminal, `write ${plural(files.length, 'file')}?`, 'subagent-mcp setup --yes does not ask')
}
