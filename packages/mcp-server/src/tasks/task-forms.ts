import type { Supervisor } from '@subagent-mcp/core'
import { createUserRegistration, type PermissionForm } from '../forms/elicitation-queue.js'
import { formatHostUserAuditName } from '../forms/elicitation.js'

/** The permission forms that a host's user sees through MCP Tasks, while the host polls a task. */
export type TaskForms = {
  /** Registers the host's user for permission requests, until the host no longer polls any task. */
  attend(taskId: string): void
  leave(taskId: string): void
  /** The open forms that the host gets with this task, by key. Each form is shown with one task. */
  requests(taskId: string): Readonly<Record<string, FormRequest>>
  /** Handles the host's answers. Keys of forms that were not sent on this connection are ignored. */
  answer(responses: Readonly<Record<string, unknown>>, now: number): void
  close(): void
}

type FormRequest = { method: 'elicitation/create'; params: PermissionForm['params'] }
type Open = PermissionForm & { shown?: { taskId: string; at: number } }

export function createTaskForms(options: {
  supervisor: Supervisor
  caller: string
  clientName(): string | undefined
}): TaskForms {
  const { supervisor, caller, clientName } = options
  const open = new Map<string, Open>()
  const tasks = new Set<string>()
  // The host remembers the keys that it has answered, even after a restart of this server, so keys must be unique.
  let prefix: string | undefined
  const who = (): string => formatHostUserAuditName({ name: clientName })
  const attend = createUserRegistration({ supervisor, caller, who }, (question) => {
    open.set(keyOf(question), question)
    return () => {
      open.delete(keyOf(question))
    }
  })
  const keyOf = ({ key }: PermissionForm): string => `${(prefix ??= supervisor.ids.message())}-${key}`

  return {
    attend: (taskId) => {
      tasks.add(taskId)
      attend(true)
    },
    leave: (taskId) => {
      tasks.delete(taskId)
      for (const [key, { shown, ...question }] of open) if (shown?.taskId === taskId) open.set(key, question)
      attend(tasks.size > 0)
    },
    requests: (taskId) => {
      const at = supervisor.clock.now()
      for (const [key, question] of open)
        if (!question.shown) open.set(key, { ...question, shown: { taskId, at } })
      const own = [...open].filter(([, { shown }]) => shown?.taskId === taskId)
      return Object.fromEntries(
        own.map(([key, { params }]) => [key, { method: 'elicitation/create', params }]),
      )
    },
    answer: (responses, now) => {
      for (const [key, response] of Object.entries(responses)) {
        const question = open.get(key)
        if (question?.shown) question.end(question.read(response, now - question.shown.at))
      }
    },
    close: () => {
      tasks.clear()
      attend(false)
    },
  }
}
