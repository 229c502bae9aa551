import type { Published } from '@subagent-mcp/mailbox'
import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { jsonText } from '../../terminal/json-text.js'
import { mailProject } from '../../mail/mail-project.js'
import { projectOf } from '../../mode/project-root.js'
import { senderAt } from '../../terminal/mail-sender.js'
import { shortText } from '../../terminal/mail-text.js'
import { readText } from '../../terminal/read-text.js'
import { publishFlags, publishUsage, readPublishOrder, type PublishOrder } from './publish-order.js'

/** Tells agents of an event. */
export const publish = defineCommand({
  meta: {
    name: 'publish',
    description: 'Tell all agents that subscribe to a topic of an event',
  },
  args: {
    topic: { type: 'positional', required: false, description: 'As in NATS: ci.build' },
    text: { type: 'positional', required: false, description: 'What happened; - reads stdin' },
    ...publishFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readPublishOrder(rawArgs)
    await atTerminal((desk) => publishEvent(order, desk))
  },
})

/** Publishes the event, and says to whom it went. */
export async function publishEvent(order: PublishOrder, { client, terminal }: Desk): Promise<number> {
  const { text, from, json, everywhere, ...rest } = order
  const body = await readText({ text, name: 'text', usage: publishUsage }, terminal)
  const about = everywhere ? {} : { project: mailProject(projectOf(terminal.cwd)) }
  const published = await client.mail.publish({ ...rest, ...about, from: senderAt(terminal, from), body })
  const said = publishedText(published, order)
  await terminal.stdout.print(json ? `${jsonText(published, 2)}\n` : `${said}\n`)
  return exitCode.done
}

function publishedText({ to, repeated }: Published, { topic, everywhere }: PublishOrder): string {
  const name = shortText(topic)
  if (to.length === 0 && everywhere) return `nobody subscribes to '${name}'`
  if (to.length === 0)
    return `nobody in this project subscribes to '${name}': --everywhere tells all projects`
  return `${repeated ? 'was sent before' : 'sent'} to ${to.map(shortText).join(', ')}`
}
