import { checkOwnPlace } from '@subagent-mcp/daemon'
import { defineCommand, runCommand, runMain } from 'citty'
import { exitCode, exitWith } from './exit.js'
import { leaveExitCode } from './fleet/exit-file.js'
import { isWrongUse, printError } from './print-error.js'
import { printUsage } from './print-usage.js'
import { homeFolder } from './settings/home-folder.js'
import { version } from './version.js'

/** Each is loaded when it is asked for. */
const subCommands = {
  serve: () => import('./commands/serve.js').then(({ serve }) => serve),
  run: () => import('./commands/run/run.js').then(({ run }) => run),
  invoke: () => import('./commands/invoke/invoke.js').then(({ invoke }) => invoke),
  ps: () => import('./commands/ps/ps.js').then(({ ps }) => ps),
  logs: () => import('./commands/logs/logs.js').then(({ logs }) => logs),
  send: () => import('./commands/send/send.js').then(({ send }) => send),
  wait: () => import('./commands/wait/wait.js').then(({ wait }) => wait),
  kill: () => import('./commands/kill/kill.js').then(({ kill }) => kill),
  attach: () => import('./commands/attach/attach.js').then(({ attach }) => attach),
  prune: () => import('./commands/prune/prune.js').then(({ prune }) => prune),
  agents: () => import('./commands/agents.js').then(({ agents }) => agents),
  pool: () => import('./commands/pool/pool.js').then(({ pool }) => pool),
  warmup: () => import('./commands/pool/warmup.js').then(({ warmup }) => warmup),
  reset: () => import('./commands/pool/reset.js').then(({ reset }) => reset),
  routes: () => import('./commands/routes/routes.js').then(({ routes }) => routes),
  update: () => import('./commands/update/update.js').then(({ update }) => update),
  rollback: () => import('./commands/rollback/rollback.js').then(({ rollback }) => rollback),
  chat: () => import('./commands/chat.js').then(({ chat }) => chat),
  publish: () => import('./commands/publish/publish.js').then(({ publish }) => publish),
  worker: () => import('./commands/worker/worker.js').then(({ worker }) => worker),
  workers: () => import('./commands/workers.js').then(({ workers }) => workers),
  permissions: () => import('./commands/permissions.js').then(({ permissions }) => permissions),
  fleet: () => import('./commands/fleet.js').then(({ fleet }) => fleet),
  service: () => import('./commands/service.js').then(({ service }) => service),
  daemon: () => import('./commands/daemon.js').then(({ daemon }) => daemon),
  setup: () => import('./commands/setup.js').then(({ setup }) => setup),
  uninstall: () => import('./commands/uninstall.js').then(({ uninstall }) => uninstall),
  doctor: () => import('./commands/doctor/doctor.js').then(({ doctor }) => doctor),
  init: () => import('./commands/init.js').then(({ init }) => init),
  mode: () => import('./commands/mode.js').then(({ mode }) => mode),
  hook: () => import('./commands/hook.js').then(({ hook }) => hook),
}

const main = defineCommand({
  meta: {
    name: 'subagent-mcp',
    version,
    description:
      'Delegate work from your AI coding host to other agents. Without a command: serves when piped into.',
  },
  subCommands,
})

/** These say themselves what is wrong with the folder of our files, or must not fail because of it. */
const worksAnywhere: ReadonlySet<string> = new Set(['doctor', 'hook', 'uninstall'])

leaveExitCode()
void start(process.argv.slice(2))

async function start(words: string[]): Promise<void> {
  const [first] = words
  try {
    if (first === '--version' || first === '-v') process.stdout.write(`${version}\n`)
    else if (first === undefined || first === 'help' || asksForHelp(words)) await showHelp(words)
    else {
      if (!worksAnywhere.has(first)) checkOwnPlace(homeFolder(process.env))
      await runCommand(main, { rawArgs: words })
    }
  } catch (error) {
    printError(error)
    exitWith(isWrongUse(error) ? exitCode.wrongUse : exitCode.failed)
  }
}

/** What comes after `--` is somebody's text. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? words.length : end).some((word) => word === '--help' || word === '-h')
}

/** citty finds the command that is meant, and ends the process. */
function showHelp(words: readonly string[]): Promise<void> {
  const rawArgs = [...words.filter((word) => word !== 'help'), '--help']
  return runMain(main, { rawArgs, showUsage: printUsage })
}
