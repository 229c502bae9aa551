import { renderUsage, type ArgsDef, type CommandDef } from 'citty'
import { stripVTControlCharacters } from 'node:util'

/**
 * Prints the help of a command, on stdout. citty alone would leave our name out for a command in a group, and write
 * colours into files.
 */
export async function printUsage<Known extends ArgsDef>(
  command: CommandDef<Known>,
  parent?: CommandDef<Known>,
): Promise<void> {
  const usage = await renderUsage(command, parent && (await fullyNamed(parent)))
  const isColoured = process.stdout.isTTY && !process.env['NO_COLOR']
  process.stdout.write(`${isColoured ? usage : stripVTControlCharacters(usage)}\n\n`)
}

async function fullyNamed<Known extends ArgsDef>(parent: CommandDef<Known>): Promise<CommandDef<Known>> {
  const meta = await (typeof parent.meta === 'function' ? parent.meta() : parent.meta)
  const { name = ownName } = meta ?? {}
  return name === ownName ? parent : { ...parent, meta: { ...meta, name: `${ownName} ${name}` } }
}

const ownName = 'subagent-mcp'
