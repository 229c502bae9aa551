import { writeFileSync } from 'node:fs'
import { describeCommands } from './command/describe-command.js'
import { commands } from './commands/commands.js'

// A step of the build: writes the help of all commands beside the bundle, for `help.ts`.
writeFileSync(new URL('help.json', import.meta.url), `${JSON.stringify(await describeCommands(commands))}\n`)
