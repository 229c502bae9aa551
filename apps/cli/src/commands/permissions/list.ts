import { commandSpec, defineCommand } from '../../command/define-command.js'
import { toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { renderQuestions } from './permission-table.js'
import { watchPermissions } from './watch.js'

/** How `permissions list` is called. */
export const permissionsListSpec = commandSpec({
  description: 'List the permissions that agents ask for now',
  details: ['On a terminal --watch asks you; in a pipe it prints a line for each change.'],
  flags: {
    watch: toggle('Ask you about each, and about later ones, until Ctrl-C'),
    json: toggle('Print JSON; with --watch one line for each change'),
  },
})

/** Lists the questions of agents. */
export const permissionsList = defineCommand(permissionsListSpec, (args) =>
  atTerminal((desk) => (args.watch ? watchPermissions(args, desk) : listPermissions(args, desk))),
)

/** Prints the questions once. */
export async function listPermissions(
  { json }: { json: boolean },
  { client, terminal }: Desk,
): Promise<number> {
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
