import { defineCommand } from 'citty'
import { listFlags } from './permissions/permissions-order.js'

/** What there is to do with the permissions that agents ask for. */
export const permissions = defineCommand({
  meta: { name: 'permissions', description: 'See what agents ask permission for, answer them, read the log' },
  args: listFlags,
  default: 'list',
  subCommands: {
    list: () => import('./permissions/list.js').then(({ permissionsList }) => permissionsList),
    allow: () => import('./permissions/answer.js').then(({ permissionsAllow }) => permissionsAllow),
    deny: () => import('./permissions/answer.js').then(({ permissionsDeny }) => permissionsDeny),
    log: () => import('./permissions/log.js').then(({ permissionsLog }) => permissionsLog),
  },
})
