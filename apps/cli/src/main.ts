import { isGroupWithoutCommand, runCommandLine } from './command/command-tree.js'
import { commands } from './commands/commands.js'
import { exitCode, endProcess } from './exit.js'
import { answerHelpRequest } from './help/answer-help.js'
import { isUsageError, printError } from './print-error.js'
import { getTrustedStateFolder } from './settings/state-folder.js'

/** Commands that run even if other users own the state folder or can write to it: they report that, or must not fail. */
const worksAnywhere: ReadonlySet<string> = new Set(['doctor', 'hook', 'uninstall'])

void start(process.argv.slice(2))

async function start(words: string[]): Promise<void> {
  const [first = ''] = words
  try {
    if (!worksAnywhere.has(first)) getTrustedStateFolder(process.env)
    if (isGroupWithoutCommand(commands, words)) {
      answerHelpRequest(words)
      process.exitCode = exitCode.wrongUse
    } else await runCommandLine(commands, words)
  } catch (error) {
    printError(error)
    endProcess(isUsageError(error) ? exitCode.wrongUse : exitCode.failed)
  }
}
