import type { KnownAgent, Mailbox } from '@subagent-mcp/mailbox'
import type { WaitingMail } from '@subagent-mcp/orchestration'

/** What waits for hosts, as no worker takes it. @throws SubagentError */
export async function waitingMail(
  mailbox: Pick<Mailbox, 'agents' | 'waiting'>,
): Promise<readonly WaitingMail[]> {
  const hosts = (await mailbox.agents()).filter(isForHosts)
  const projects = new Map(hosts.map(({ name, project }) => [name, project]))
  return (await mailbox.waiting()).flatMap(({ agent, messages, newest, from }) => {
    const project = projects.get(agent)
    return project === undefined ? [] : [{ name: agent, project, waiting: messages, newest, from }]
  })
}

/** A person at a terminal is in no project. */
function isForHosts({ project, handlers }: KnownAgent): boolean {
  return project !== '' && !handlers.some(({ kind }) => kind === 'worker')
}
