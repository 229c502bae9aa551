import type { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { ModelText } from '../../text/model-text.js'
import { formatDateTime } from '../../text/figures.js'
import { escapeLine } from '../../text/visible-lines.js'

export type MailMessageData = z.output<typeof daemonApi.mailThread.answer>['messages'][number]

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
        <strong>{escapeLine(from.name, 80)}</strong> ({from.through}
        {from.model === undefined ? '' : `, ${escapeLine(from.model, 60)}`}) to{' '}
        <strong>{escapeLine(to, 80)}</strong> · {formatDateTime(sentAt)} · {status}
        {topic === undefined ? '' : ` · ${escapeLine(topic, 80)}`}
      </p>
      <ModelText text={body} />
      {failure === undefined ? null : <p className="problem">{escapeLine(failure, 400)}</p>}
      {children}
    </article>
  )
}
