import { writeFileSync } from 'node:fs'
import { describeCommands } from './command/describe-command.js'
import { commands } from './commands/commands.js'

// A step of the build: writes the help of all commands to a file beside the bundle, which `help.ts` reads.
writeFileSync(new URL('help.json', import.meta.url), `${JSON.stringify(await describeCommands(commands))}\n`)
