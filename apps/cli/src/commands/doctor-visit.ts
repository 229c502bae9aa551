import { checks } from '../doctor/checks.js'
import type { Check, Context } from '../doctor/check.js'
import { describeFindings, findingsAsData } from '../doctor/describe-findings.js'
import { fixesFor, runFixes, type Fix } from '../doctor/fixes.js'
import { runChecks, type Found } from '../doctor/run-checks.js'
import { exitCode } from '../exit.js'
import { plural } from '../terminal/amounts.js'
import { isYes } from '../terminal/is-yes.js'
import { wrongUse } from '../terminal/read-words.js'
import type { Terminal } from '../terminal/terminal.js'
import type { DoctorOrder } from './doctor-order.js'

/** Looks at everything, mends what the person agrees to, looks again, and tells. Fails while there are errors. */
export async function visit(
  order: DoctorOrder,
  { context, terminal }: { context: Context; terminal: Terminal },
  all: readonly Check[] = checks,
): Promise<number> {
  const look = () => runChecks(all, context, (name) => showProgress(terminal, name))
  const first = await look()
  const isMended = order.fix && (await mend(order, first, terminal))
  const found = isMended ? await look() : first
  const { stdout } = terminal
  await stdout.print(
    order.json
      ? `${JSON.stringify(findingsAsData(found), undefined, 2)}\n`
      : describeFindings(found, stdout.paint),
  )
  return found.some(({ severity }) => severity === 'error') ? exitCode.failed : exitCode.done
}

/** A line that goes when the check is done; in a pipe nobody waits for it. */
function showProgress({ stderr }: Terminal, name: string): () => void {
  if (stderr.size() === undefined) return () => undefined
  void stderr.print(`looking at ${name} ...`)
  return () => void stderr.print('\r\u001b[2K')
}

/** Whether something was run that may have mended something. */
async function mend(order: DoctorOrder, found: readonly Found[], terminal: Terminal): Promise<boolean> {
  const fixes = fixesFor(found)
  if (fixes.length === 0) return false
  if (!order.yes && !(await agrees(found, fixes, terminal))) {
    await terminal.stderr.print('nothing was run\n')
    return false
  }
  await runFixes(fixes, (line) => terminal.stderr.print(`${line}\n`))
  return true
}

async function agrees(
  found: readonly Found[],
  fixes: readonly Fix[],
  { ask, stderr }: Terminal,
): Promise<boolean> {
  if (!ask) {
    const message = `run ${plural(fixes.length, 'command')}? Nobody is there to agree`
    throw wrongUse(message, 'subagent-mcp doctor --fix --yes does not ask')
  }
  const lines = fixes.map((fix) => `  ${fix.mend}\n`).join('')
  await stderr.print(`${describeFindings(found, stderr.paint)}\n${lines}`)
  return isYes(await ask(`run ${plural(fixes.length, 'command')}? [y/N] `, new AbortController().signal))
}
