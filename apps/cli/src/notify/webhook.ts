import type { Clock } from '@subagent-mcp/contract'
import type { NotifySender } from '@subagent-mcp/runtime'
import { sleepUntilAborted } from '@subagent-mcp/worker'

type Webhook = { url: string; clock: Clock }

/** The time limit of a request, and the pauses before a failed request is sent again, in milliseconds. */
const limitMs = 10_000
const pausesMs = [1_000, 5_000]

/**
 * Creates the sender that posts notices to a URL. Temporary failures are retried twice. Its errors never contain the URL, because it may
 * be secret.
 */
export function createWebhookSender({ url, clock }: Webhook): NotifySender {
  return {
    name: 'webhook',
    send: async (notice, signal) => {
      const body = JSON.stringify(notice)
      for (const milliseconds of [...pausesMs, undefined]) {
        const result = await post({ url, clock }, body, signal)
        if (result === 'sent') return
        if (milliseconds === undefined || !result.mayPass || signal.aborted) throw new Error(result.why)
        await sleepUntilAborted(milliseconds, { clock, signal })
      }
    },
  }
}

type Failed = { why: string; mayPass: boolean }

async function post({ url, clock }: Webhook, body: string, signal: AbortSignal): Promise<'sent' | Failed> {
  const limit = new AbortController()
  const inTime = clock.after(limitMs, () => limit.abort())
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', headers: { 'content-type': 'application/json' } },
      signal: AbortSignal.any([limit.signal, signal]),
    })
    await response.body?.cancel()
    const { status, ok } = response
    return ok ? 'sent' : { why: `it answered ${status}`, mayPass: status >= 500 || status === 429 }
  } catch (error) {
    if (limit.signal.aborted) return { why: `no answer in ${limitMs / 1000} s`, mayPass: true }
    return { why: codeOf(error) ?? 'the request failed', mayPass: true }
  } finally {
    inTime()
  }
}

/** The code of a network error, such as `ECONNREFUSED`. Messages may contain the address. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}
