import { defineCommand } from 'citty'

/** What there is to do with workers that the daemon keeps running. */
export const fleet = defineCommand({
  meta: { name: 'fleet', description: 'Keep the workers of a file running: restart them when they end' },
  subCommands: {
    up: () => import('./fleet/up.js').then(({ fleetUp }) => fleetUp),
    down: () => import('./fleet/down.js').then(({ fleetDown }) => fleetDown),
    status: () => import('./fleet/status.js').then(({ fleetStatus }) => fleetStatus),
  },
})
