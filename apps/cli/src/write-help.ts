import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { describeCommands } from './command/describe-command.js'
import { commands } from './commands/commands.js'
import { UserConfig } from './settings/config.js'

// A step of the build, which writes two files beside the bundle. `help.ts` reads the help of all commands; the JSON Schema of the
// configuration is for editors, and for docs/configuration.md.
void describeCommands(commands).then((help) => write('help.json', help))
write('config.schema.json', z.toJSONSchema(UserConfig, { io: 'input' }))

function write(name: string, content: unknown): void {
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content)}\n`)
}
