import {
  planSetupFiles,
  type SetupAnswerEffects,
  type SetupSituation,
  type SetupFilePlan,
} from './setup-situation.js'
import { setupQuestions, type SetupAnswerOptions, type YesNoSetupQuestion } from './setup-questions.js'

/**
 * A question of setup with its answer. `settled`: it was in force before. `given`: by an option. `asked`: by a person. `default`: what
 * `--yes` takes. `open`: there is no answer, and nothing is changed for it. `ignored`: an option says yes to what does not matter here.
 */
export type AnsweredSetupQuestion = { step: YesNoSetupQuestion } & (
  | { how: 'settled' | 'given' | 'asked' | 'default'; answer: boolean }
  | { how: 'open' | 'ignored' }
)

/** The questions of setup that matter on this machine, with their answers, and what setup writes for them. */
export type AnsweredSetup = {
  view: SetupSituation
  steps: readonly AnsweredSetupQuestion[]
  plan: SetupFilePlan
}

export type SetupQuestionAsker = {
  /** Shows the person a question of setup that has an answer already, and so is not asked. */
  tell(answered: { step: YesNoSetupQuestion; answer: boolean }): Promise<void>
  /** Asks the person a question of setup. Returns undefined without an answer, which ends setup. */
  ask(step: YesNoSetupQuestion, plan: () => SetupFilePlan): Promise<boolean | undefined>
}

/**
 * Answers the questions of setup one after another: by options, by what is in force, by a person, or by the default where
 * no person is asked. Returns undefined if the person stops, or says no to a question without which nothing is written.
 */
export function answerSetupQuestions(
  view: SetupSituation,
  options: SetupAnswerOptions,
): Promise<AnsweredSetup>
export function answerSetupQuestions(
  view: SetupSituation,
  options: SetupAnswerOptions,
  asker: SetupQuestionAsker,
): Promise<AnsweredSetup | undefined>
export async function answerSetupQuestions(
  view: SetupSituation,
  options: SetupAnswerOptions,
  asker?: SetupQuestionAsker,
): Promise<AnsweredSetup | undefined> {
  const steps: AnsweredSetupQuestion[] = []
  const effects: SetupAnswerEffects[] = []
  const plan = (): SetupFilePlan => planSetupFiles(view, effects)
  for (const step of setupQuestions) {
    if (!step.concerns(view)) {
      if (step.given(options)) steps.push({ step, how: 'ignored' })
      continue
    }
    const answered = await answerOf(step, { view, options, plan, asker })
    if (answered === undefined) return undefined
    steps.push(answered)
    if (answered.how === 'settled' || answered.how === 'given') await asker?.tell(answered)
    if (!('answer' in answered) || answered.how === 'settled') continue
    if (step.isRequired && !answered.answer) return undefined
    effects.push(step.effect(answered.answer, view))
  }
  return { view, steps, plan: plan() }
}

type Answering = {
  view: SetupSituation
  options: SetupAnswerOptions
  plan: () => SetupFilePlan
  asker: SetupQuestionAsker | undefined
}

async function answerOf(
  step: YesNoSetupQuestion,
  { view, options, plan, asker }: Answering,
): Promise<AnsweredSetupQuestion | undefined> {
  const given = step.given(options)
  if (given !== undefined) return { step, how: 'given', answer: given }
  // Whether a required question is settled needs the plan, which reads all files of the hosts. It is made only where a person is asked.
  const settled = asker || !step.isRequired ? step.settled(view, plan) : undefined
  if (settled !== undefined) return { step, how: 'settled', answer: settled }
  if (asker) {
    const answer = await asker.ask(step, plan)
    return answer === undefined ? undefined : { step, how: 'asked', answer }
  }
  const { unattended } = step
  return unattended === undefined ? { step, how: 'open' } : { step, how: 'default', answer: unattended }
}
