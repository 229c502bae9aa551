import type { CommandGroup } from '../command/command-tree.js'

const agents: CommandGroup = {
  description: 'List the agents that are defined in files, check them, create one',
  default: 'list',
  commands: {
    list: () => import('./definitions/list.js').then(({ agentsList }) => agentsList),
    show: () => import('./definitions/show.js').then(({ agentsShow }) => agentsShow),
    lint: () => import('./definitions/lint.js').then(({ agentsLint }) => agentsLint),
    new: () => import('./definitions/new.js').then(({ agentsNew }) => agentsNew),
  },
}

const chat: CommandGroup = {
  description: 'Send messages to agents that run as workers, and read their messages',
  commands: {
    send: () => import('./chat/send.js').then(({ chatSend }) => chatSend),
    inbox: () => import('./chat/inbox.js').then(({ chatInbox }) => chatInbox),
    wait: () => import('./chat/wait.js').then(({ chatWait }) => chatWait),
    threads: () => import('./chat/threads.js').then(({ chatThreads }) => chatThreads),
    thread: () => import('./chat/thread.js').then(({ chatThread }) => chatThread),
    dead: () => import('./chat/dead.js').then(({ chatDead }) => chatDead),
    agents: () => import('./chat/agents.js').then(({ chatAgents }) => chatAgents),
  },
}

const workers: CommandGroup = {
  description: 'List the workers of this machine, read their logs, stop them',
  default: 'status',
  commands: {
    status: () => import('./workers/status.js').then(({ workersStatus }) => workersStatus),
    logs: () => import('./workers/logs.js').then(({ workersLogs }) => workersLogs),
    stop: () => import('./workers/stop.js').then(({ workersStop }) => workersStop),
  },
}

const permissions: CommandGroup = {
  description: 'List the permissions that agents ask for, answer them, read the audit log',
  default: 'list',
  commands: {
    list: () => import('./permissions/list.js').then(({ permissionsList }) => permissionsList),
    allow: () => import('./permissions/allow-deny.js').then(({ permissionsAllow }) => permissionsAllow),
    deny: () => import('./permissions/allow-deny.js').then(({ permissionsDeny }) => permissionsDeny),
    log: () => import('./permissions/log.js').then(({ permissionsLog }) => permissionsLog),
  },
}

const fleet: CommandGroup = {
  description: 'Keep the workers of a file running: the daemon starts them again when they end',
  commands: {
    up: () => import('./fleet/up.js').then(({ fleetUp }) => fleetUp),
    down: () => import('./fleet/down.js').then(({ fleetDown }) => fleetDown),
    status: () => import('./fleet/status.js').then(({ fleetStatus }) => fleetStatus),
  },
}

const service: CommandGroup = {
  description: 'Let the system (systemd, launchd) start the daemon at login',
  commands: {
    install: () => import('./service/install.js').then(({ serviceInstall }) => serviceInstall),
    uninstall: () => import('./service/uninstall.js').then(({ serviceUninstall }) => serviceUninstall),
    status: () => import('./service/status.js').then(({ serviceStatus }) => serviceStatus),
  },
}

const daemon: CommandGroup = {
  description: 'Show the daemon that runs the agents, read its log, start and stop it',
  commands: {
    status: () => import('./daemon/status.js').then(({ daemonStatus }) => daemonStatus),
    start: () => import('./daemon/start.js').then(({ daemonStart }) => daemonStart),
    stop: () => import('./daemon/stop.js').then(({ daemonStop }) => daemonStop),
    restart: () => import('./daemon/restart.js').then(({ daemonRestart }) => daemonRestart),
    logs: () => import('./daemon/logs.js').then(({ daemonLogs }) => daemonLogs),
    run: () => import('./daemon/run.js').then(({ daemonRun }) => daemonRun),
  },
}

/** All commands, in the order of the help. */
export const commands: CommandGroup = {
  description:
    'Delegate work from your AI coding host to other agents. Without a command, and with a pipe as stdin, it serves MCP.',
  commands: {
    serve: () => import('./host/serve.js').then(({ serve }) => serve),
    run: () => import('./agent/run.js').then(({ run }) => run),
    invoke: () => import('./agent/invoke.js').then(({ invoke }) => invoke),
    ps: () => import('./agent/ps.js').then(({ ps }) => ps),
    logs: () => import('./agent/logs.js').then(({ logs }) => logs),
    send: () => import('./agent/send.js').then(({ send }) => send),
    wait: () => import('./agent/wait.js').then(({ wait }) => wait),
    kill: () => import('./agent/kill.js').then(({ kill }) => kill),
    attach: () => import('./agent/attach.js').then(({ attach }) => attach),
    prune: () => import('./agent/prune.js').then(({ prune }) => prune),
    agents,
    pool: () => import('./pool/pool.js').then(({ pool }) => pool),
    warmup: () => import('./pool/warmup.js').then(({ warmup }) => warmup),
    reset: () => import('./pool/reset.js').then(({ reset }) => reset),
    routes: () => import('./routes/routes.js').then(({ routes }) => routes),
    update: () => import('./release/update.js').then(({ update }) => update),
    rollback: () => import('./release/rollback.js').then(({ rollback }) => rollback),
    chat,
    publish: () => import('./chat/publish.js').then(({ publish }) => publish),
    worker: () => import('./worker/worker.js').then(({ worker }) => worker),
    workers,
    permissions,
    fleet,
    service,
    daemon,
    setup: () => import('./host/setup.js').then(({ setup }) => setup),
    uninstall: () => import('./host/uninstall.js').then(({ uninstall }) => uninstall),
    doctor: () => import('./host/doctor.js').then(({ doctor }) => doctor),
    init: () => import('./host/init.js').then(({ init }) => init),
    mode: () => import('./host/mode.js').then(({ mode }) => mode),
    completions: () => import('./host/completions.js').then(({ completions }) => completions),
    hook: () => import('./host/hook.js').then(({ hook }) => hook),
  },
}
