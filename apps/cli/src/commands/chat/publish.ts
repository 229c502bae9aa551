import { severities } from '@subagent-mcp/contract'
import { projectOf } from '@subagent-mcp/driver-kit'
import { mailProject } from '@subagent-mcp/mailbox/names'
import { type Published } from '@subagent-mcp/mailbox'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { choice, joinedText, text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { senderAt } from '../../terminal/mail-sender.js'
import { shortText } from './mail-text.js'
import { readText } from '../../terminal/read-text.js'

/** How `publish publish` is called. */
export const publishSpec = commandSpec({
  description: 'Send an event to all agents that subscribe to its topic',
  words: {
    topic: text('topic', 'Topic of the event, as in ci.build'),
    text: joinedText('What happened; without it, or as -, it is read from stdin'),
  },
  flags: {
    severity: choice(severities, 'From high on it wakes agents, unless they say otherwise').default('info'),
    key: text('text', 'Any text of yours: an event with the same key is sent only once').exactOptional(),
    from: text('name', 'Name of the sender (default: your login name)').exactOptional(),
    everywhere: toggle(
      "Also send it to agents of other projects, which want only their own project's events",
    ),
    json: toggle('Print the receivers as JSON'),
  },
})

/** Sends an event. */
export const publish = defineCommand(publishSpec, (args) => atTerminal((desk) => publishEvent(args, desk)))

type PublishArgs = ArgsOf<typeof publishSpec>

/** Publishes the event, and prints its receivers. */
export async function publishEvent(args: PublishArgs, { client, terminal }: Desk): Promise<number> {
  const { text: typed, from, json, everywhere, ...rest } = args
  const body = await readText({ text: typed, name: 'text' }, terminal)
  const about = everywhere ? {} : { project: mailProject(projectOf(terminal.cwd)) }
  const published = await client.mail.publish({ ...rest, ...about, from: senderAt(terminal, from), body })
  const said = publishedText(published, args)
  await terminal.stdout.print(json ? `${jsonText(published, 2)}\n` : `${said}\n`)
  return exitCode.done
}

function publishedText({ to, repeated }: Published, { topic, everywhere }: PublishArgs): string {
  const name = shortText(topic)
  if (to.length === 0 && everywhere) return `nobody subscribes to '${name}'`
  if (to.length === 0)
    return `nobody in this project subscribes to '${name}': --everywhere tells all projects`
  return `${repeated ? 'was sent before' : 'sent'} to ${to.map(shortText).join(', ')}`
}
