import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { MailAgent, Mailbox } from '@subagent-mcp/mailbox'
import { writeWaitingMailForHooks, type WaitingMail } from '@subagent-mcp/orchestration'

type MailHintParts = {
  mailbox: Pick<Mailbox, 'onChange' | 'agents' | 'waiting'>
  /** The folder of the program's state, in which hooks read the file of waiting mail. */
  home: string
  clock: Clock
  log: (line: string) => void
}

/** Milliseconds between a change of the mailbox and the write of the file. */
const pauseMs = 200

/** The pause, in milliseconds, before waiting mail is checked again, because the mailbox does not report that the process of a worker has ended. */
const againMs = 10_000

/** Keeps the file from which hooks read which mail waits up to date, until the returned function is called. Never throws. */
export function keepMailHintsFileCurrent({ mailbox, home, clock, log }: MailHintParts): () => void {
  const end = new AbortController()
  const show = onlyNews((mail: readonly WaitingMail[]) => {
    if (!end.signal.aborted) writeWaitingMailForHooks(home, mail)
  })
  const tell = onlyNews(log)
  let isDue = false
  let looked = Promise.resolve()
  let cancel = (): void => undefined
  const lookIn = (milliseconds: number): void => {
    cancel()
    cancel = clock.after(milliseconds, () => {
      isDue = false
      looked = looked.then(look)
    })
  }
  const look = async (): Promise<void> => {
    const waits = await orWhy(async () => {
      const mail = await waitingMail(mailbox)
      show(mail)
      return mail.length > 0
    })
    if (typeof waits === 'string' && !end.signal.aborted) tell(`hooks cannot tell of mail: ${waits}`)
    if (waits !== false && !isDue && !end.signal.aborted) lookIn(againMs)
  }
  const unheard = mailbox.onChange(() => {
    if (!isDue) lookIn(pauseMs)
    isDue = true
  })
  looked = look()
  return () => {
    end.abort()
    cancel()
    unheard()
  }
}

/** Lists the mail that waits for hosts: mail of agents without a worker. @throws SubagentError */
async function waitingMail(mailbox: Pick<Mailbox, 'agents' | 'waiting'>): Promise<readonly WaitingMail[]> {
  const hosts = (await mailbox.agents()).filter(isForHosts)
  const projects = new Map(hosts.map(({ name, project }) => [name, project]))
  return (await mailbox.waiting()).flatMap(({ agent, messages, newest, from }) => {
    const project = projects.get(agent)
    return project === undefined ? [] : [{ name: agent, project, waiting: messages, newest, from }]
  })
}

/** Whether the mail of an agent is for a host: no worker handles it, and the agent has a project, unlike a person at a terminal. */
function isForHosts({ project, handlers }: MailAgent): boolean {
  return project !== '' && !handlers.some(({ kind }) => kind === 'worker')
}

/** Returns a function that passes a value on to a listener, unless it equals the value before. */
function onlyNews<Value>(pass: (value: Value) => void): (value: Value) => void {
  let last: string | undefined
  return (value) => {
    const text = JSON.stringify(value)
    if (text === last) return
    pass(value)
    last = text
  }
}

/** Returns the result of a call, or the message of its expected error. */
async function orWhy<Result>(act: () => Promise<Result>): Promise<Result | string> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof SubagentError || (error instanceof Error && 'code' in error)) return error.message
    throw error
  }
}
