import { defineCommand } from 'citty'
import { agentsFlags } from './agents/agents-order.js'

/** What there is to do with agents that are defined in files. All of it is local: no daemon is asked. */
export const agents = defineCommand({
  meta: { name: 'agents', description: 'Look at the agents that are defined in files, check them, make one' },
  args: agentsFlags,
  default: 'list',
  subCommands: {
    list: () => import('./agents/list.js').then(({ agentsList }) => agentsList),
    show: () => import('./agents/show.js').then(({ agentsShow }) => agentsShow),
    lint: () => import('./agents/lint.js').then(({ agentsLint }) => agentsLint),
    new: () => import('./agents/new.js').then(({ agentsNew }) => agentsNew),
  },
})
