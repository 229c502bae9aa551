import type { PermissionPromptHandler, Supervisor, UserPermissionAnswer } from '@subagent-mcp/core'
import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import type { HostInfo } from './host-info.js'
import { formatHostUserAuditName } from './elicitation.js'
import { createPermissionForm, type ReadablePermissionForm } from './question-form.js'

/**
 * The queue of permission forms for a host's user (protocol of 2026). In this protocol a server can ask the user only in its answer to
 * an open tool call, so forms wait here for such a call. The user sees one form at a time.
 */
export type ElicitationQueue = {
  /** Registers an open tool call. With `takesForms` its answer can be a form. */
  registerCall(takesForms: boolean): OpenToolCall
  /** Handles the host's answer to a form; ignores it if the permission request has ended. */
  answer(key: string, result: unknown): void
  /** Puts the form that the host did not answer back into the queue. A form is shown twice at most. */
  takeBack(): void
  /** Unregisters the host's user, because the host has disconnected. */
  close(): void
}

/** An open tool call whose answer may be a form. `taken` resolves when the call gets a form; `leave` ends the waiting and returns that form. */
export type OpenToolCall = { taken: Promise<void>; leave(): QueuedForm | undefined }

/** A form for the host's user; `key` identifies it in the answer. */
export type QueuedForm = { key: string; params: ElicitRequestFormParams }

type QueueOptions = { supervisor: Supervisor; caller: string; client: HostInfo }
type Question = PermissionForm & { shown: number; shownAt: number }

/** A permission request as a form for the user. `end` ends the form, with the user's answer or without one. */
export type PermissionForm = QueuedForm &
  Pick<ReadablePermissionForm, 'read'> & { end(answer: UserPermissionAnswer | undefined): void }

/** Creates the queue. The user counts as present while a call that takes forms is open, or a form is shown. */
export function createElicitationQueue(options: QueueOptions): ElicitationQueue {
  const { clock } = options.supervisor
  const questions = new Map<string, Question>()
  const slots = new Set<OpenSlot>()
  let before: Question | undefined

  const update = (): void => {
    attend(slots.size > 0 || before !== undefined)
    setImmediate(show)
  }
  // Runs in a later turn of the event loop, so that a call that ends immediately with reports shows no form.
  const show = (): void => {
    const [[next], slot] = [[...questions.values()], [...slots].at(-1)]
    if (before || !next || !slot) return
    before = { ...next, shown: next.shown + 1, shownAt: clock.now() }
    questions.set(next.key, before)
    slots.delete(slot)
    slot.take(next)
  }
  const over = ({ key }: QueuedForm): void => {
    questions.delete(key)
    if (before?.key === key) before = undefined
    // Runs in a later turn of the event loop: a caller that disconnects before counts as not having answered.
    setImmediate(update)
  }
  const who = (): string => formatHostUserAuditName(options.client)
  const attend = createUserRegistration({ ...options, who }, (question) => {
    questions.set(question.key, { ...question, shown: 0, shownAt: 0 })
    setImmediate(show)
    return over
  })
  return {
    registerCall: (takesForms) => openSlot(takesForms ? slots : new Set(), update),
    answer: (key, result) => {
      const question = questions.get(key)
      question?.end(question.read(result, clock.now() - question.shownAt))
    },
    takeBack: () => {
      const question = before
      before = undefined
      if (question?.shown === mostShown) question.end(undefined)
      update()
    },
    close: () => {
      slots.clear()
      before = undefined
      update()
    },
  }
}

/** The most times that a form is shown to a host that does not answer it. */
const mostShown = 2

type PromptingOptions = Pick<QueueOptions, 'supervisor' | 'caller'> & { who(): string }

/**
 * Returns a function that registers or unregisters the host's user for permission requests. `add` receives each request, and
 * returns the function that ends it.
 */
export function createUserRegistration(
  { supervisor, caller, who }: PromptingOptions,
  add: (question: PermissionForm) => (question: PermissionForm) => void,
): (isThere: boolean) => void {
  let count = 0
  let leave: (() => void) | undefined
  const ask: PermissionPromptHandler['ask'] = ({ agent, request }, signal) =>
    new Promise((resolve) => {
      count += 1
      const end = (answer: UserPermissionAnswer | undefined): void => {
        over(question)
        resolve(answer)
      }
      const question: PermissionForm = {
        key: `question-${count}`,
        ...createPermissionForm(agent, request),
        end,
      }
      const over = add(question)
      signal.addEventListener('abort', () => {
        end(undefined)
      })
    })
  return (isThere) => {
    if (isThere) leave ??= supervisor.addPromptHandler(caller, { who: who(), ask })
    else {
      const left = leave
      leave = undefined
      left?.()
    }
  }
}

type OpenSlot = OpenToolCall & { take(form: QueuedForm): void }

function openSlot(slots: Set<OpenSlot>, update: () => void): OpenSlot {
  let form: QueuedForm | undefined
  let tell = (): void => undefined
  const taken = new Promise<void>((resolve) => {
    tell = resolve
  })
  const slot: OpenSlot = {
    taken,
    take: (given) => {
      form = given
      tell()
    },
    leave: () => {
      slots.delete(slot)
      update()
      return form
    },
  }
  slots.add(slot)
  update()
  return slot
}
