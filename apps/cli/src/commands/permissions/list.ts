import type { PendingQuestion } from '@subagent-mcp/api'
import { revealInvisible } from '@subagent-mcp/mcp-server'
import { boolArg } from '../../command/arg-schemas.js'
import { type CommandContext, commandWithDaemon } from '../../terminal/command-context.js'
import { shortSpan } from '../../terminal/format.js'
import { printList } from '../../terminal/print.js'
import { permissionRequestMarks, toolCallLine } from '../../terminal/questions/question-text.js'
import { tableLines, type TableLayout } from '../../terminal/table.js'
import { permissionRequestLabel } from './question-lines.js'
import { watchPermissionRequests } from './watch.js'

export const permissionsListCommand = commandWithDaemon(
  {
    description: 'List the tool calls for which agents wait for your permission',
    details: [
      'With --watch you are asked about each on a terminal; in a pipe a line is printed for each change.',
    ],
    examples: ['permissions', 'permissions --watch'],
    flags: {
      watch: boolArg('Ask you about each permission request, now and later, until Ctrl-C'),
      json: boolArg('Print the requests as JSON; with --watch one line of JSON for each change'),
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
    { items, json, render: (questions, screen) => tableLines(questions, table, screen), remarks },
    terminal,
  )
}

const howToAnswer =
  'to answer: subagent-mcp permissions allow <agent> <request>, or deny, or --watch; whole calls: --json'

function questionTable(now: number): TableLayout<PendingQuestion> {
  return {
    columns: [
      ['AGENT', permissionRequestLabel, 'bold'],
      ['REQUEST', ({ requestId }) => revealInvisible(requestId, 200)],
      ['SINCE', ({ askedAt }) => shortSpan(now - askedAt)],
      ['DENIED IN', ({ until }) => (until === undefined ? '' : shortSpan(until - now))],
      ['WHY', ({ by = '' }) => revealInvisible(by, 40)],
      ['NOTE', (question) => permissionRequestMarks(question).join(', '), 'yellow'],
      ['ASKS', toolCallLine],
    ],
    dropFirst: ['SINCE', 'WHY', 'REQUEST'],
  }
}
