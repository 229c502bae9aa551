import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { jsonText } from '../../terminal/json-text.js'
import { renderQuestions } from '../../terminal/permission-table.js'
import { listFlags, readListOrder, type ListOrder } from './permissions-order.js'
import { watchPermissions } from './watch.js'

/** Shows what agents ask. */
export const permissionsList = defineCommand({
  meta: { name: 'list', description: 'List what agents ask now; with --watch also what they ask later' },
  args: listFlags,
  run: async ({ rawArgs }) => {
    const order = readListOrder(rawArgs)
    await atTerminal((desk) => (order.watch ? watchPermissions(order, desk) : listPermissions(order, desk)))
  },
})

/** Prints the questions once. */
export async function listPermissions({ json }: ListOrder, { client, terminal }: Desk): Promise<number> {
  const { stdout, stderr, now } = terminal
  const questions = await client.permissions()
  if (json) {
    await stdout.print(`${jsonText(questions, 2)}\n`)
    return exitCode.done
  }
  if (questions.length > 0) {
    const columns = stdout.size()?.columns ?? Infinity
    const lines = renderQuestions(questions, { columns, paint: stdout.paint, now: now() })
    await stdout.print(lines.map((line) => `${line}\n`).join(''))
  }
  await stderr.print(`${stderr.paint('dim', questions.length > 0 ? howToAnswer : noQuestions)}\n`)
  return exitCode.done
}

const noQuestions = 'no agent asks for a permission'

const howToAnswer =
  'to answer: subagent-mcp permissions allow <agent> <request>, or deny, or --watch; whole calls: --json'
