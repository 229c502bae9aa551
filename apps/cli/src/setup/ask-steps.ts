import { printLines, printWrapped } from '../terminal/print.js'
import type { Terminal } from '../terminal/terminal.js'
import type { StepAsker } from './answer-steps.js'
import type { SetupView } from './setup-view.js'

/** Asks the questions of setup at a terminal, each below its own heading, and tells answers that are in force already. */
export function createStepAsker(view: SetupView, terminal: Terminal, signal: AbortSignal): StepAsker {
  const { stdout, ask } = terminal
  return {
    tell: ({ step, answer }) => printWrapped(stdout, ['', `✓ ${step.words(answer, view)}`]),
    ask: async (step, plan) => {
      await printWrapped(stdout, ['', ...step.lines(view, plan, terminal)])
      const question = `${step.question(view)} [Y/n${step.details ? '/d' : ''}] `
      for (;;) {
        const answer = (await ask?.(question, signal))?.trim().toLowerCase()
        if (answer === undefined) return undefined
        if (/^(y(es)?)?$/.test(answer)) return true
        if (/^no?$/.test(answer)) return false
        const details = step.details?.(view, plan, terminal)
        const isAsked = answer === 'd' && details
        await printLines(stdout, isAsked ? [...details, ''] : [`Enter or y is yes, n is no${help(details)}.`])
      }
    },
  }
}

function help(details: readonly string[] | undefined): string {
  return details ? ', d shows the changes' : ''
}
