import { SubagentError } from '@subagent-mcp/contract'
import { readProcessStartTime } from '@subagent-mcp/driver-kit'
import { ownProjectTopicPattern, type MailAgent, type Mailbox } from '@subagent-mcp/mailbox'
import { getMailProjectId, listHostMailNames } from '@subagent-mcp/mailbox/names'

/** A caller's mailbox name. `enter` registers the name before its first use. */
export type CallerMailbox = { name(): string; byTurns: boolean; enter(): Promise<void> }

/** Returns the mailbox name of a host: the name of its project's folder, or a longer part of the path if another project has that name. */
export function createHostMailbox(
  { mailbox, host }: { mailbox: Pick<Mailbox, 'agents' | 'register'>; host: string },
  { caller, root, pid = process.pid }: { caller: string; root: string; pid?: number },
): CallerMailbox {
  const [names, project] = [listHostMailNames(root), getMailProjectId(root)]
  let [name] = names
  const handler = {
    instance: caller,
    kind: 'session',
    pid,
    startTime: readProcessStartTime(pid) ?? '-',
    host,
  } as const
  const enter = async (): Promise<void> => {
    const known = new Map((await mailbox.agents()).map((agent) => [agent.name, agent]))
    const free = names.filter((candidate) => isFree(known.get(candidate), project))
    for (const candidate of free) {
      try {
        await mailbox.register({ ...wishesOf(known.get(candidate)), name: candidate, project, handler })
        name = candidate
        return
      } catch (error) {
        if (!(error instanceof SubagentError) || error.code !== 'name-taken') throw error
      }
    }
    throw new SubagentError('name-taken', `other projects have the mailbox names ${names.join(' and ')}`, {
      hint: 'rename the folder, or stop the host or worker that has this name',
    })
  }
  return { name: () => name, byTurns: false, enter: once(enter) }
}

/** Whether a project may use a name. A name that has only received messages belongs to no project yet. */
function isFree(known: MailAgent | undefined, project: string): boolean {
  return known === undefined || known.project === '' || known.project === project
}

/** The mailbox subscriptions of a host. If a worker has the same name, its subscriptions stay; otherwise the host gets all events of its project. */
function wishesOf(
  known: MailAgent | undefined,
): Pick<MailAgent, 'capabilities' | 'topics' | 'wakes' | 'provider'> {
  if (!known?.project) return { capabilities: [], topics: [ownProjectTopicPattern], wakes: 'high' }
  const { capabilities, topics, wakes, provider } = known
  return { capabilities, topics, wakes, ...(provider !== undefined && { provider }) }
}

/** Returns a function that calls `run` once and shares the result; after a failure the next call runs it again. */
function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () =>
    (done ??= run().catch((error: unknown) => {
      done = undefined
      throw error
    }))
}
