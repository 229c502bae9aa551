import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes, needs } from '../../command/rules.js'
import { jsonFlag, text, toggle } from '../../command/values.js'
import { withReleases } from '../../releases/release-desk.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { bringUpToDate } from './refresh-files.js'
import { updateProgram } from './update-program.js'

const updateSpec = commandSpec({
  description:
    'Install the newest release the way this one was installed, and update what setup and init wrote',
  flags: {
    check: toggle('Only print whether there is a newer release'),
    dryRun: toggle('Print what would be run and written, and change nothing'),
    after: text(
      'release',
      'Only update what setup and init wrote, after this older release has been replaced by hand',
    ).exactOptional(),
    run: text('name', 'Name under which rollback finds the changes; update itself sets it').exactOptional(),
    json: jsonFlag,
  },
  rules: [excludes('check', ['dryRun', 'after']), excludes('dryRun', ['after']), needs('run', 'after')],
})

/** Updates this program and what it wrote. */
export const update = defineCommand(updateSpec, (args) =>
  args.after === undefined
    ? withReleases((desk) => updateProgram({ does: taskOf(args), json: args.json }, desk))
    : withTerminal((terminal) => bringUpToDate(args, terminal)),
)

function taskOf({ check, dryRun }: ArgsOf<typeof updateSpec>): 'check' | 'plan' | 'update' {
  return check ? 'check' : dryRun ? 'plan' : 'update'
}
