import { isBareGroup, runCommandLine } from './command/command-tree.js'
import { commands } from './commands/commands.js'
import { exitCode, exitWith } from './exit.js'
import { answerHelpRequest } from './help/answer-help.js'
import { leaveExitCode } from './fleet/exit-file.js'
import { isUsageError, printError } from './print-error.js'
import { trustedHomeFolder } from './settings/home-folder.js'

/** Commands that run even if other users own the state folder or can write to it: they report that, or must not fail. */
const worksAnywhere: ReadonlySet<string> = new Set(['doctor', 'hook', 'uninstall'])

leaveExitCode()
void start(process.argv.slice(2))

async function start(words: string[]): Promise<void> {
  const [first = ''] = words
  try {
    if (!worksAnywhere.has(first)) trustedHomeFolder(process.env)
    if (isBareGroup(commands, words)) {
      answerHelpRequest(words)
      process.exitCode = exitCode.wrongUse
    } else await runCommandLine(commands, words)
  } catch (error) {
    printError(error)
    exitWith(isUsageError(error) ? exitCode.wrongUse : exitCode.failed)
  }
}
