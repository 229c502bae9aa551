import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import type { PageView } from '../page-view.js'
import { ErrorMessage } from '../parts/error-message.js'
import { formatTimeSpan } from '../text/figures.js'
import { escapeLine } from '../text/visible-lines.js'

/** The daemon, the providers of this machine, and where each kind of task would go. */
export const machineView: PageView = { path: 'machine', title: 'Machine', Content: Machine }

function Machine(): ReactNode {
  return (
    <div className="page">
      <h1>Machine</h1>
      <Daemon />
      <Routes />
    </div>
  )
}

function Daemon(): ReactNode {
  const { data, error } = usePageQuery(['health'], (request) => request(daemonApi.health), {
    refetchInterval: 5_000,
  })
  const rows = data
    ? [
        ['version', data.version],
        ['has run for', formatTimeSpan(data.uptimeSeconds * 1_000)],
        ['agents', `${data.agents.running} at work, ${data.agents.alive} alive, ${data.agents.total} known`],
        ['waiting for room', String(data.queue)],
        ['hosts, workers', `${data.hosts}, ${data.workers ?? 0}`],
        ['journal', `${escapeLine(data.journal.path)} (${(data.journal.bytes / 1_048_576).toFixed(1)} MB)`],
        ['mailbox', mailboxText(data.mailbox)],
      ]
    : []
  return (
    <section aria-labelledby="daemon-title">
      <h2 id="daemon-title">Daemon</h2>
      <ErrorMessage error={error ?? data?.configProblem} />
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

type MailboxHealth = z.output<typeof daemonApi.health.answer>['mailbox']

function mailboxText(mailbox: MailboxHealth): string {
  if (!mailbox) return 'unknown'
  const state = mailbox.reachable ? 'reachable' : `not reachable: ${mailbox.problem ?? ''}`
  return escapeLine(`${mailbox.kind}, ${mailbox.where}, ${state}`)
}

const FailureWords = z.looseObject({ message: z.string(), hint: z.string().optional() })
const Report = z.looseObject({
  providers: z.array(
    z.looseObject({ provider: z.string(), headroom: z.string(), failure: FailureWords.optional() }),
  ),
  categories: z.array(
    z.looseObject({
      category: z.string(),
      candidates: z.array(
        z.looseObject({
          candidate: z.looseObject({ provider: z.string(), model: z.string().optional() }),
          state: z.string(),
          failure: FailureWords.optional(),
        }),
      ),
    }),
  ),
})

function Routes(): ReactNode {
  const ask = async (request: PageRequest) => Report.parse(await request(daemonApi.routes, { body: {} }))
  // The daemon starts the CLIs for the answer, so the page asks only when the view opens, and when the button is clicked.
  const { data, error, isFetching, refetch } = usePageQuery(['routes'], ask, { staleTime: Infinity })
  return (
    <>
      <section aria-labelledby="providers-title">
        <h2 id="providers-title">Providers</h2>
        <div className="actions">
          <button type="button" disabled={isFetching} onClick={() => void refetch()}>
            {isFetching ? 'Asking the CLIs …' : 'Ask again'}
          </button>
        </div>
        <ErrorMessage error={error} />
        <ul className="rows">
          {data?.providers.map(({ provider, headroom, failure }) => (
            <li key={provider}>
              <strong>{provider}</strong>{' '}
              {failure ? <span className="problem">{escapeLine(failureText(failure), 400)}</span> : 'ready'}
              <p className="dim">left of its limits: {escapeLine(headroom, 100)}</p>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="routes-title">
        <h2 id="routes-title">Where tasks go</h2>
        <dl className="facts">
          {data?.categories.map(({ category, candidates }) => (
            <div key={category}>
              <dt>{category.replaceAll('_', ' ')}</dt>
              <dd>{firstReady(candidates)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  )
}

function failureText({ message, hint }: z.output<typeof FailureWords>): string {
  return hint === undefined ? message : `${message} (${hint})`
}

type Candidates = z.output<typeof Report>['categories'][number]['candidates']

function firstReady(candidates: Candidates): string {
  const ready = candidates.find(({ state }) => state === 'ready')
  if (!ready) return 'nothing on this machine'
  return escapeLine(`${ready.candidate.provider} ${ready.candidate.model ?? ''}`, 100)
}
