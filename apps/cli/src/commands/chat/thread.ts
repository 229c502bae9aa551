import { jsonFlag, textArg } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { safeJson } from '../../terminal/text.js'
import { mailLimitFlag, moreMailText } from './mail-page.js'
import { mailMessageText } from './mail-text.js'

export const chatThreadCommand = daemonCommand(
  {
    description: 'Print the newest messages of a thread; does not mark them as read',
    examples: ['chat thread 01hzx8', 'chat thread 01hzx8 --limit 5'],
    words: { id: textArg('id', 'Id of the thread, as subagent-mcp chat threads lists it') },
    flags: { limit: mailLimitFlag, json: jsonFlag },
  },
  async ({ id, json, ...page }, context) => {
    const { stdout, stderr } = context.terminal
    const messages = await context.client.mail.thread(id, page)
    const texts = messages.map((message) => mailMessageText(message, stdout.paint))
    await stdout.print(json ? `${safeJson(messages, 2)}\n` : texts.join(''))
    const printed = { list: { of: 'thread', id }, shown: messages.length, what: 'earlier' } as const
    await stderr.print(await moreMailText({ ...printed, ...page }, context))
    return exitCode.done
  },
)
