import type { WaitingMail } from '../mail/mail-file.js'

/** What a session is told of mail that waits: never of what it says, for a host's model trusts what a hook says. */
export function mailWords({ name, waiting, from }: WaitingMail): string {
  const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`
  const senders = from.length > 0 ? ` from ${from.join(', ')}` : ''
  return `${messages} for you (${name})${senders}: call \`sync\` of subagent-mcp to read ${waiting === 1 ? 'it' : 'them'}.`
}
