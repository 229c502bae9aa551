import { eventSeverities } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import type { PublishedEvent } from '@subagent-mcp/mailbox'
import { getMailProjectId } from '@subagent-mcp/mailbox/names'
import {
  choiceArgSchema,
  joinedWordsArgSchema,
  textArgSchema,
  booleanArgSchema,
} from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { describeTerminalSender } from '../../terminal/person.js'
import { printResult } from '../../terminal/print.js'
import { mailFromFlag } from './mail-page.js'
import { escapeMailName } from './mail-text.js'

export const publishCommand = defineDaemonCommand(
  {
    description: 'Send an event, such as a failed build, to all workers that subscribe to its topic',
    examples: ['publish ci.build "main is red" --severity high', 'publish release.done "1.4.0" --everywhere'],
    words: {
      topic: textArgSchema(
        'topic',
        'Topic of the event, as in ci.build; workers name the topics that they want',
      ),
      text: joinedWordsArgSchema('Text that tells what happened; read from stdin if it is left out or is -'),
    },
    flags: {
      severity: choiceArgSchema(
        eventSeverities,
        'How urgent the event is; high and critical wake workers',
      ).default('info'),
      key: textArgSchema('text', 'Any text: of events with the same key only one is sent').exactOptional(),
      from: mailFromFlag,
      everywhere: booleanArgSchema('Send the event to workers of all projects, not only of this one'),
      json: booleanArgSchema('Print the receivers as JSON instead of text, for scripts'),
    },
  },
  async ({ topic, text: typed, from, json, everywhere, ...options }, { client, terminal }) => {
    const body = await readTextArgument({ text: typed, name: 'text' }, terminal)
    const about = everywhere ? {} : { project: getMailProjectId(findProjectRoot(terminal.cwd)) }
    const event = { ...options, ...about, topic, from: describeTerminalSender(terminal, from), body }
    const published = await client.mail.publish(event)
    return printResult(terminal, json, { text: publishedText(published, topic, everywhere), data: published })
  },
)

function publishedText({ to, repeated }: PublishedEvent, topic: string, everywhere: boolean): string {
  const name = escapeMailName(topic)
  if (to.length === 0 && everywhere) return `no agent subscribes to '${name}'`
  if (to.length === 0)
    return `no agent of this project subscribes to '${name}'; with --everywhere it is sent to all projects`
  return `${repeated ? 'was sent before' : 'sent'} to ${to.map(escapeMailName).join(', ')}`
}
