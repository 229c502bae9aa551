import { defineCommand } from 'citty'

/** What has the system start the daemon, and keep it. */
export const service = defineCommand({
  meta: { name: 'service', description: 'Have the system (systemd, launchd) start the daemon at login' },
  subCommands: {
    install: () => import('./service/install.js').then(({ serviceInstall }) => serviceInstall),
    uninstall: () => import('./service/uninstall.js').then(({ serviceUninstall }) => serviceUninstall),
    status: () => import('./service/status.js').then(({ serviceStatus }) => serviceStatus),
  },
})
