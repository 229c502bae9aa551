import { api } from '@subagent-mcp/api'
import type { ChangeAction } from '@subagent-mcp/mcp-server'
import { withConnection } from '../connections/with-connection.js'
import { route, type HttpRoute } from '../http/route.js'
import type { DaemonPort } from '../port.js'
import { knownId } from './show-agent.js'

/** Routes of the changes that agents make in worktrees. */
export function changeRoutes(port: DaemonPort): HttpRoute[] {
  const { worktrees } = port
  return [
    route(api.getChanges, ({ params: { id } }) => worktrees.changes(knownId(port, id))),
    route(api.actOnChanges, ({ params: { id }, body: { action, name = '', ...client } }) =>
      withConnection(port, client, ({ port: { changes } }) =>
        changes.act(id, actionOf(action, name)),
      ),
    ),
    route(api.listWorktrees, async () => ({ worktrees: await worktrees.list() })),
  ]
}

function actionOf(action: 'apply' | 'discard' | 'branch', name: string): ChangeAction {
  return action === 'branch' ? { type: action, name } : { type: action }
}
