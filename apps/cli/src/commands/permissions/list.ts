import type { PendingPermissionRequest } from '@subagent-mcp/api'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { booleanArgSchema } from '../../command/arg-schemas.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { formatShortTimeSpan } from '../../terminal/format.js'
import { printList } from '../../terminal/print.js'
import { listPermissionRequestMarks, formatToolCallLine } from '../../terminal/questions/question-text.js'
import { formatTableLines, type TableLayout } from '../../terminal/table.js'
import { formatPermissionRequestLabel } from './permission-request-lines.js'
import { watchPermissionRequests } from './watch.js'

export const permissionsListCommand = defineDaemonCommand(
  {
    description: 'List the tool calls for which agents wait for your permission',
    details: [
      'With --watch you are asked about each on a terminal; in a pipe a line is printed for each change.',
    ],
    examples: ['permissions', 'permissions --watch'],
    flags: {
      watch: booleanArgSchema('Ask you about each permission request, now and later, until Ctrl-C'),
      json: booleanArgSchema('Print the requests as JSON; with --watch one line of JSON for each change'),
    },
  },
  ({ watch, json }, context) =>
    watch ? watchPermissionRequests(json, context) : listPermissions(json, context),
)

async function listPermissions(json: boolean, { client, terminal }: CommandContext): Promise<number> {
  const items = await client.permissions()
  const table = questionTable(terminal.now())
  const remarks = [items.length > 0 ? howToAnswer : 'no agent asks for a permission']
  return printList(
    { items, json, render: (questions, screen) => formatTableLines(questions, table, screen), remarks },
    terminal,
  )
}

const howToAnswer =
  'to answer: subagent-mcp permissions allow <agent> <request>, or deny, or --watch; whole calls: --json'

function questionTable(now: number): TableLayout<PendingPermissionRequest> {
  return {
    columns: [
      ['AGENT', formatPermissionRequestLabel, 'bold'],
      ['REQUEST', ({ requestId }) => revealInvisibleCharacters(requestId, 200)],
      ['SINCE', ({ askedAt }) => formatShortTimeSpan(now - askedAt)],
      ['DENIED IN', ({ until }) => (until === undefined ? '' : formatShortTimeSpan(until - now))],
      ['WHY', ({ by = '' }) => revealInvisibleCharacters(by, 40)],
      ['NOTE', (question) => listPermissionRequestMarks(question).join(', '), 'yellow'],
      ['ASKS', formatToolCallLine],
    ],
    dropFirst: ['SINCE', 'WHY', 'REQUEST'],
  }
}
