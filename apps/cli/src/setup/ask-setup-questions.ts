import type { SetupOptions } from '@subagent-mcp/installer'
import type { DoctorContext } from '../doctor/run-doctor-checks.js'
import { probeProviderClis } from '../doctor/provider-clis.js'
import { printLines, printWrapped } from '../terminal/print.js'
import type { Terminal } from '../terminal/terminal.js'
import { answerSetupQuestions, type SetupQuestionAsker } from './answer-setup-questions.js'
import { formatHostAndCliLines, joinHostsAndClis } from './found-hosts-and-clis.js'
import type { PreparedSetup } from './setup-report.js'
import type { SetupAnswerOptions } from './setup-questions.js'
import { inspectForSetup, type SetupSituation } from './setup-situation.js'

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
    await printWrapped(stdout, formatHostAndCliLines(found, stdout))
    const view = inspectForSetup(wanted, terminal)
    const answered = await answerSetupQuestions(view, options, createStepAsker(view, terminal, stop.signal))
    if (answered) return { found, ...answered }
    return stop.signal.aborted ? 'interrupted' : 'declined'
  } finally {
    unlisten()
  }
}

/** Creates the asker for a terminal: it shows the lines of each question, then asks it, and shows answers that are in force already. */
function createStepAsker(view: SetupSituation, terminal: Terminal, signal: AbortSignal): SetupQuestionAsker {
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
