import { spawnSync } from 'node:child_process'

/** The command line of a command that reaches only loopback, or why this machine cannot run one. */
export type LoopbackOnly =
  | { type: 'wrapped'; command: string; args: readonly string[] }
  | { type: 'refused'; reason: string }

/**
 * Wraps a command so that it reaches nothing but loopback, sees only its own processes, and leaves none of
 * them behind: when it ends, or when the wrapper is killed, all of them die. Its exit code, stdio, working
 * directory and environment stay its own. Only KILL ends the wrapper from outside; Ctrl-C in a terminal
 * reaches the command.
 */
export function loopbackOnly(
  command: string,
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): LoopbackOnly {
  if (platform !== 'linux') return { type: 'refused', reason: `${platform} has no network namespaces` }

  const trials = asRootOrNot.map((options) => trial(options))
  const working = trials.find((result) => result.works)
  if (working === undefined)
    return { type: 'refused', reason: trials.map((result) => result.words).join('; ') }

  return { type: 'wrapped', command: 'unshare', args: [...working.options, command, ...args] }
}

/** Options of `unshare`: root needs none; another user first becomes root of a user namespace, where that is allowed. */
const asRootOrNot = [[], ['--map-root-user']] as const

function trial(asRoot: readonly string[]) {
  const options = [...asRoot, ...namespaces, 'sh', '-c', init, 'sh']
  const result = spawnSync('unshare', [...options, 'true'], { encoding: 'utf8', timeout: 5000 })
  const words = result.error?.message ?? result.stderr.trim()
  return { options, works: result.status === 0, words }
}

const namespaces = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc']

/**
 * Shell code for the first process of the namespace. The shell stays, to reap the orphans that it inherits: Node would leave them
 * as zombies. The `exit` after the command keeps the shell from being replaced by it.
 */
const init = 'PATH="$PATH:/usr/sbin:/sbin" ip link set lo up || exit 125; "$@"; exit $?'
