import type { CliCommandGroup, CliCommandLoader } from '../command/command-tree.js'

const agents: CliCommandGroup = {
  description: 'List, show, check and create agents that definition files describe',
  default: 'list',
  commands: {
    list: async () => (await import('./definitions/list.js')).agentsListCommand,
    show: async () => (await import('./definitions/show.js')).agentsShowCommand,
    lint: async () => (await import('./definitions/lint.js')).agentsLintCommand,
    new: async () => (await import('./definitions/new.js')).agentsNewCommand,
  },
}

const chat: CliCommandGroup = {
  description: 'Send messages to workers (agents that answer messages), and read what they send you',
  commands: {
    send: async () => (await import('./chat/send.js')).chatSendCommand,
    inbox: async () => (await import('./chat/inbox.js')).chatInboxCommand,
    wait: async () => (await import('./chat/wait.js')).chatWaitCommand,
    threads: async () => (await import('./chat/threads.js')).chatThreadsCommand,
    thread: async () => (await import('./chat/threads.js')).chatThreadCommand,
    dead: async () => (await import('./chat/dead.js')).chatDeadCommand,
    agents: async () => (await import('./chat/agents.js')).chatAgentsCommand,
  },
}

const workers: CliCommandGroup = {
  description: 'List the workers (agents that answer messages) of this machine, read their logs, stop them',
  default: 'status',
  commands: {
    status: async () => (await import('./workers/status.js')).workersStatusCommand,
    logs: async () => (await import('./workers/logs.js')).workersLogsCommand,
    stop: async () => (await import('./workers/stop.js')).workersStopCommand,
  },
}

const permissions: CliCommandGroup = {
  description: 'List the permissions that agents ask for, allow or deny them, read the audit log',
  default: 'list',
  commands: {
    list: async () => (await import('./permissions/list.js')).permissionsListCommand,
    allow: async () => (await import('./permissions/allow-deny.js')).permissionsAllowCommand,
    deny: async () => (await import('./permissions/allow-deny.js')).permissionsDenyCommand,
    log: async () => (await import('./permissions/log.js')).permissionsLogCommand,
  },
}

const fleet: CliCommandGroup = {
  description: 'Keep the workers that a file lists running, also after they fail or the daemon restarts',
  commands: {
    up: async () => (await import('./fleet/fleet.js')).fleetUpCommand,
    down: async () => (await import('./fleet/fleet.js')).fleetDownCommand,
    status: async () => (await import('./fleet/fleet.js')).fleetStatusCommand,
  },
}

const service: CliCommandGroup = {
  description: 'Let the system (systemd, launchd) start the daemon at login',
  commands: {
    install: async () => (await import('./service/service.js')).serviceInstallCommand,
    uninstall: async () => (await import('./service/service.js')).serviceUninstallCommand,
    status: async () => (await import('./service/service.js')).serviceStatusCommand,
  },
}

const daemon: CliCommandGroup = {
  description: 'Show, start and stop the daemon (the background process that runs agents), or read its log',
  commands: {
    status: async () => (await import('./daemon/status.js')).daemonStatusCommand,
    start: async () => (await import('./daemon/start-stop.js')).daemonStartCommand,
    stop: async () => (await import('./daemon/start-stop.js')).daemonStopCommand,
    restart: async () => (await import('./daemon/start-stop.js')).daemonRestartCommand,
    logs: async () => (await import('./daemon/logs.js')).daemonLogsCommand,
    run: async () => (await import('./daemon/run.js')).daemonRunCommand,
  },
}

/** The commands for people, under the headings of the help. */
const commandsByHeading: Readonly<Record<string, CliCommandGroup['commands']>> = {
  Work: {
    run: async () => (await import('./agent/run.js')).runCommand,
    review: async () => (await import('./agent/review.js')).reviewCommand,
    invoke: async () => (await import('./agent/invoke.js')).invokeCommand,
    ps: async () => (await import('./agent/ps.js')).psCommand,
    top: async () => (await import('./agent/top.js')).topCommand,
    logs: async () => (await import('./agent/logs.js')).logsCommand,
    send: async () => (await import('./agent/send.js')).sendCommand,
    wait: async () => (await import('./agent/wait.js')).waitCommand,
    attach: async () => (await import('./agent/attach.js')).attachCommand,
    ui: async () => (await import('./page/ui.js')).uiCommand,
    kill: async () => (await import('./agent/kill.js')).killCommand,
    changes: async () => (await import('./agent/changes.js')).changesCommand,
    evidence: async () => (await import('./agent/evidence.js')).evidenceCommand,
    worktrees: async () => (await import('./agent/worktrees.js')).worktreesCommand,
    usage: async () => (await import('./overview/usage.js')).usageCommand,
    recap: async () => (await import('./overview/recap.js')).recapCommand,
    search: async () => (await import('./overview/search.js')).searchCommand,
    prune: async () => (await import('./agent/prune.js')).pruneCommand,
  },
  Agents: {
    agents,
    pool: async () => (await import('./pool/pool.js')).poolCommand,
    warmup: async () => (await import('./pool/pool.js')).warmupCommand,
    reset: async () => (await import('./pool/pool.js')).resetCommand,
    routes: async () => (await import('./routes/routes.js')).routesCommand,
  },
  Messages: {
    chat,
    publish: async () => (await import('./chat/publish.js')).publishCommand,
    worker: async () => (await import('./worker/worker.js')).workerCommand,
    workers,
    fleet,
  },
  Permissions: { permissions },
  'Set up': {
    setup: async () => (await import('./host/setup.js')).setupCommand,
    doctor: async () => (await import('./host/doctor.js')).doctorCommand,
    init: async () => (await import('./host/init.js')).initCommand,
    mode: async () => (await import('./host/mode.js')).modeCommand,
    notify: async () => (await import('./host/notify.js')).notifyCommand,
    completions: async () => (await import('./host/answered-early.js')).completionsCommand,
    update: async () => (await import('./release/update.js')).updateCommand,
    rollback: async () => (await import('./release/rollback.js')).rollbackCommand,
    uninstall: async () => (await import('./host/uninstall.js')).uninstallCommand,
  },
  Service: { daemon, service },
}

/** All commands, in the order of the help. */
export const commands: CliCommandGroup = {
  description: 'Let coding agents such as Claude Code, Codex and Gemini CLI (hosts) delegate work to others.',
  examples: ['setup', 'run "review the last commit" --provider codex', 'doctor'],
  headings: Object.fromEntries(
    Object.entries(commandsByHeading).map(([heading, group]) => [heading, Object.keys(group)]),
  ),
  commands: {
    ...Object.fromEntries(
      Object.values(commandsByHeading).flatMap(Object.entries<CliCommandGroup | CliCommandLoader>),
    ),
    serve: async () => (await import('./host/serve.js')).serveCommand,
    hook: async () => (await import('./host/answered-early.js')).answerHookCommand,
    complete: async () => (await import('./host/complete.js')).completeCommand,
  },
}
