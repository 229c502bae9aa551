import { defineCommand, runCommand, showUsage } from 'citty'
import { exitWith } from './exit.js'
import { isWrongUse, printError } from './print-error.js'
import { version } from './version.js'

const main = defineCommand({
  meta: {
    name: 'subagent-mcp',
    version,
    description:
      'Delegate work from your AI coding host to other agents. Without a command: serves when piped into.',
  },
  subCommands: {
    serve: () => import('./commands/serve.js').then(({ serve }) => serve),
    routes: () => import('./commands/routes.js').then(({ routes }) => routes),
  },
})

void run(process.argv.slice(2))

/** A host that just starts the command gets a server; a person on a terminal gets help. */
async function run(words: string[]): Promise<void> {
  const [first] = words
  try {
    if (words.includes('--version') || first === '-v') process.stdout.write(`${version}\n`)
    else if (first === undefined && process.stdin.isTTY) await showUsage(main)
    else if (words.includes('--help') || words.includes('-h') || first === 'help') await showHelp(first)
    else await runCommand(main, { rawArgs: first === undefined ? ['serve'] : words })
  } catch (error) {
    printError(error)
    exitWith(isWrongUse(error) ? 2 : 1)
  }
}

async function showHelp(first: string | undefined): Promise<void> {
  if (first === 'serve') await showUsage((await import('./commands/serve.js')).serve, main)
  else if (first === 'routes') await showUsage((await import('./commands/routes.js')).routes, main)
  else await showUsage(main)
}
