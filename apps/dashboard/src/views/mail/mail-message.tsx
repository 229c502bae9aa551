import type { api } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { SaidText } from '../../text/said-text.js'
import { momentText } from '../../text/figures.js'
import { visibleLine } from '../../text/visible-lines.js'

/** A message of the mailbox. */
export type MailMessageData = z.output<typeof api.mailThread.answer>['messages'][number]

/** Shows a message with its sender and the channel that it came through, by which a reader judges its text. */
export function MailMessage({
  message,
  children,
}: {
  message: MailMessageData
  children?: ReactNode
}): ReactNode {
  const { from, to, body, sentAt, status, failure, topic } = message
  return (
    <article className="mail-message">
      <p className="dim">
        <strong>{visibleLine(from.name, 80)}</strong> ({from.through}
        {from.model === undefined ? '' : `, ${visibleLine(from.model, 60)}`}) to{' '}
        <strong>{visibleLine(to, 80)}</strong> · {momentText(sentAt)} · {status}
        {topic === undefined ? '' : ` · ${visibleLine(topic, 80)}`}
      </p>
      <SaidText text={body} />
      {failure === undefined ? null : <p className="problem">{visibleLine(failure, 400)}</p>}
      {children}
    </article>
  )
}
