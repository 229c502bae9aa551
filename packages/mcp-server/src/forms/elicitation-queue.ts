import type { ElicitRequestFormParams } from '@modelcontextprotocol/server'
import type { Attendant, Supervisor, UserAnswer } from '@subagent-mcp/core'
import type { Client } from './host-info.js'
import { userOf } from './elicitation.js'
import { questionForm, type QuestionForm } from './question-form.js'

/**
 * Where questions lie until an open call takes one to the user: since the protocol of 2026 a server asks by what it
 * answers a call with. One is before the user at a time.
 */
export type Desk = {
  /** A call is open; if it `takesForms`, the user can be asked. */
  sit(takesForms: boolean): Seat
  /** What a host says to a form; a form that is over takes no answer. */
  answer(key: string, result: unknown): void
  /** The host called anew without a word on its form, or took its call back: the form is shown once more, no more. */
  takeBack(): void
  /** The host is gone. */
  close(): void
}

/** An open call at the desk: `taken` once it has a form, which `leave` returns. */
export type Seat = { taken: Promise<void>; leave(): Form | undefined }

/** A form, and the key under which its answer comes back. */
export type Form = { key: string; params: ElicitRequestFormParams }

type DeskOptions = { supervisor: Supervisor; caller: string; client: Client }
type Question = Form &
  Pick<QuestionForm, 'read'> & { shown: number; shownAt: number; end(answer: UserAnswer | undefined): void }

/** The user attends as long as a call is open that takes forms, or a form is before him. */
export function createDesk(options: DeskOptions): Desk {
  const { clock } = options.supervisor
  const questions = new Map<string, Question>()
  const seats = new Set<OpenSeat>()
  let before: Question | undefined

  const update = (): void => {
    attend(seats.size > 0 || before !== undefined)
    setImmediate(show)
  }
  // Not at once: a call that ends at once, as it has news, asks nobody.
  const show = (): void => {
    const [[next], seat] = [[...questions.values()], [...seats].at(-1)]
    if (before || !next || !seat) return
    before = { ...next, shown: next.shown + 1, shownAt: clock.now() }
    questions.set(next.key, before)
    seats.delete(seat)
    seat.take(next)
  }
  const over = ({ key }: Form): void => {
    questions.delete(key)
    if (before?.key === key) before = undefined
    // Not at once: who leaves before the answer is heard has not given it.
    setImmediate(update)
  }
  const attend = createAttendance(options, (question) => {
    questions.set(question.key, question)
    setImmediate(show)
    return over
  })
  return {
    sit: (takesForms) => openSeat(takesForms ? seats : new Set(), update),
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
      seats.clear()
      before = undefined
      update()
    },
  }
}

/** A host that never says what became of a form gets no third one. */
const mostShown = 2

/** Has the user of a host attend, or not. `add` hears of each question; what it returns, of its end. */
function createAttendance(
  { supervisor, caller, client }: DeskOptions,
  add: (question: Question) => (question: Question) => void,
): (isThere: boolean) => void {
  let count = 0
  let leave: (() => void) | undefined
  const ask: Attendant['ask'] = ({ agent, request }, signal) =>
    new Promise((resolve) => {
      count += 1
      const end = (answer: UserAnswer | undefined): void => {
        over(question)
        resolve(answer)
      }
      const form = { key: `question-${count}`, ...questionForm(agent, request) }
      const question: Question = { ...form, shown: 0, shownAt: 0, end }
      const over = add(question)
      signal.addEventListener('abort', () => {
        end(undefined)
      })
    })
  return (isThere) => {
    if (isThere) leave ??= supervisor.attend(caller, { who: userOf(client), ask })
    else {
      const left = leave
      leave = undefined
      left?.()
    }
  }
}

type OpenSeat = Seat & { take(form: Form): void }

function openSeat(seats: Set<OpenSeat>, update: () => void): OpenSeat {
  let form: Form | undefined
  let tell = (): void => undefined
  const taken = new Promise<void>((resolve) => {
    tell = resolve
  })
  const seat: OpenSeat = {
    taken,
    take: (given) => {
      form = given
      tell()
    },
    leave: () => {
      seats.delete(seat)
      update()
      return form
    },
  }
  seats.add(seat)
  update()
  return seat
}
