import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, text } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { messageText } from './mail-text.js'
import { limitFlag, restText } from './mail-list.js'

/** How `chat thread` is called. */
export const chatThreadSpec = commandSpec({
  description: 'Print the newest messages of a thread; does not mark them as read',
  words: { id: text('id', 'Id of the thread, as subagent-mcp chat threads lists it') },
  flags: { limit: limitFlag, json: jsonFlag },
})

/** Prints a thread. */
export const chatThread = defineCommand(chatThreadSpec, (args) =>
  atTerminal((desk) => showThread(args, desk)),
)

/** Prints the end of the thread, the oldest message first. */
export async function showThread(
  { id, json, ...page }: ArgsOf<typeof chatThreadSpec>,
  desk: Desk,
): Promise<number> {
  const { client, terminal } = desk
  const { stdout, stderr } = terminal
  const messages = await client.mail.thread(id, page)
  const whole = { list: { of: 'thread', id }, shown: messages.length, what: 'earlier' } as const
  const rest = await restText({ ...whole, ...page }, desk)
  const texts = messages.map((message) => messageText(message, stdout.paint))
  await stdout.print(json ? `${jsonText(messages, 2)}\n` : texts.join(''))
  await stderr.print(rest)
  return exitCode.done
}
