import type { SetupOptions } from '@subagent-mcp/installer'
import type { DoctorContext } from '../doctor/check.js'
import { probeProviderClis } from '../doctor/provider-clis.js'
import { printLines, printWrapped } from '../terminal/print.js'
import type { Terminal } from '../terminal/terminal.js'
import { answerSetupSteps, type SetupStepAsker } from './answer-steps.js'
import { hostAndCliLines, joinHostsAndClis } from './found-hosts-and-clis.js'
import type { PreparedSetup } from './setup-report.js'
import type { SetupAnswerOptions } from './setup-steps.js'
import { inspectForSetup, type SetupView } from './setup-view.js'

/**
 * Shows the person at the terminal what was found, and asks the questions of setup. Writes nothing. Returns `interrupted` after
 * Ctrl-C, and `declined` when the person gives no answer or wants no host to be registered.
 */
export async function askSetupQuestions(
  wanted: SetupOptions,
  options: SetupAnswerOptions,
  { context, terminal }: { context: DoctorContext; terminal: Terminal },
): Promise<PreparedSetup | 'interrupted' | 'declined'> {
  const { stdout, stderr } = terminal
  const stop = new AbortController()
  const unlisten = terminal.onInterrupt(() => {
    stop.abort()
  })
  try {
    await stderr.print('asking the CLIs whether they are signed in ...\n')
    const clis = await probeProviderClis(context.drivers, context.environment)
    const found = joinHostsAndClis(clis, context.machine)
    await printWrapped(stdout, hostAndCliLines(found, stdout))
    const view = inspectForSetup(wanted, terminal)
    const answered = await answerSetupSteps(view, options, createStepAsker(view, terminal, stop.signal))
    if (answered) return { found, ...answered }
    return stop.signal.aborted ? 'interrupted' : 'declined'
  } finally {
    unlisten()
  }
}

/** Asks each question below lines of its own, and tells answers that are in force already. */
function createStepAsker(view: SetupView, terminal: Terminal, signal: AbortSignal): SetupStepAsker {
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
        const help = `Enter or y is yes, n is no${details ? ', d shows the changes' : ''}.`
        await printLines(stdout, answer === 'd' && details ? [...details, ''] : [help])
      }
    },
  }
}
