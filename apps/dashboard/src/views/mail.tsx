import { useState, type ReactNode } from 'react'
import { navigateTo, useRoute } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { DeadLetters } from './mail/dead-letters.js'
import { MailThread } from './mail/mail-thread.js'
import { MailThreads } from './mail/mail-threads.js'
import { MailWorkers } from './mail/mail-workers.js'

export const mailView: PageView = { path: 'mail', title: 'Mail', Content: Mail }

const parts = { Threads: MailThreads, 'Workers and fleet': MailWorkers, 'Dead letters': DeadLetters }
type Part = keyof typeof parts

function Mail(): ReactNode {
  const { rest: thread } = useRoute()
  const [part, setPart] = useState<Part>('Threads')
  const Shown = parts[part]
  return (
    <div className="page">
      <h1>Mail</h1>
      <div className="tabs" role="group" aria-label="Parts of the mail">
        {partNames.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={part === name}
            onClick={() => {
              setPart(name)
              if (thread !== '') navigateTo('mail')
            }}
          >
            {name}
          </button>
        ))}
      </div>
      {part === 'Threads' && thread !== '' ? <MailThread id={thread} /> : <Shown />}
    </div>
  )
}

const partNames: readonly Part[] = ['Threads', 'Workers and fleet', 'Dead letters']
