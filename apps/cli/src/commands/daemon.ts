import { defineCommand } from 'citty'

/** What there is to do with the daemon itself. It needs none of it: it starts and ends by itself. */
export const daemon = defineCommand({
  meta: { name: 'daemon', description: 'Look at the daemon that runs the agents, stop it, restart it' },
  subCommands: {
    status: () => import('./daemon/status.js').then(({ daemonStatus }) => daemonStatus),
    start: () => import('./daemon/start.js').then(({ daemonStart }) => daemonStart),
    stop: () => import('./daemon/stop.js').then(({ daemonStop }) => daemonStop),
    restart: () => import('./daemon/restart.js').then(({ daemonRestart }) => daemonRestart),
    logs: () => import('./daemon/logs.js').then(({ daemonLogs }) => daemonLogs),
    run: () => import('./daemon/run.js').then(({ daemonRun }) => daemonRun),
  },
})
