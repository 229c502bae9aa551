import { sep } from 'node:path'
import { systemClock } from '@subagent-mcp/contract'
import { projectRootOf, type Environment } from '@subagent-mcp/driver-kit'
import { userHome } from '@subagent-mcp/definitions'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import type { SetupState } from '@subagent-mcp/mcp-server'
import { runDoctorChecks, doctorProblemsIn, type DoctorContext } from '../doctor/check.js'
import { hostChecks } from '../doctor/checks.js'
import { withDoctorContext } from '../doctor/doctor-context.js'
import { probeProviderClis } from '../doctor/provider-clis.js'
import { commandForScope } from '../releases/server-command.js'
import { installerOptions } from '../settings/installer-options.js'
import { paintNothing } from '../terminal/paint.js'
import { answerSetupSteps } from './answer-steps.js'
import {
  suggestedPrompts,
  hostAndCliLines,
  joinHostsAndClis,
  noHostFoundLines,
} from './found-hosts-and-clis.js'
import { writtenSetupLines } from './setup-report.js'
import { setupSteps } from './setup-steps.js'
import { writeSetupPlan, inspectForSetup, planSetupFiles, type SetupSurroundings } from './setup-view.js'

/** The folder and the environment of a host that asks for the setup. */
type HostCaller = { cwd: string; environment: Environment }

/** Returns what was found, is set up and is wrong here, and the open questions of setup. Changes nothing. */
export function inspectSetupFromHost(caller: HostCaller): Promise<SetupState> {
  const place = surroundingsOf(caller)
  return withDoctorContext(place, async (context) => {
    const clis = await probeProviderClis(context.drivers, context.environment)
    const found = joinHostsAndClis(clis, context.machine)
    if (!hosts.some((host) => host.isPresent(context.machine)))
      return { lines: noHostFoundLines(found), questions: [] }
    const view = inspectForSetup(optionsOf(place), place)
    const plan = () => planSetupFiles(view, [])
    const reader = { home: place.home, stdout: { paint: paintNothing } }
    const steps = setupSteps.filter((step) => step.concerns(view))
    const settled = steps.map((step) => ({ step, answer: step.settled(view, plan) }))
    return {
      lines: [
        ...hostAndCliLines(found, reader.stdout),
        ...settled.flatMap(({ step, answer }) => (answer === undefined ? [] : [step.words(answer, view)])),
        ...(await troublesOf(context)).map((line) => line.replaceAll(place.home + sep, `~${sep}`)),
      ],
      questions: settled.flatMap(({ step, answer }) =>
        answer === undefined
          ? [
              {
                id: step.id,
                question: step.question(view),
                description: step.lines(view, plan, reader).join('\n'),
                isOn: step.unattended ?? false,
              },
            ]
          : [],
      ),
    }
  })
}

/** Writes what the user has agreed to in a form. A question without an answer is a no. @throws SubagentError where no host was found */
export async function applySetupFromHost(
  caller: HostCaller,
  answers: Readonly<Record<string, boolean>>,
): Promise<readonly string[]> {
  const place = surroundingsOf(caller)
  return withDoctorContext(place, async (context) => {
    const view = inspectForSetup(optionsOf(place), place)
    const answered = await answerSetupSteps(
      view,
      { hooks: false, noHooks: false },
      { tell: () => Promise.resolve(), ask: ({ id }) => Promise.resolve(answers[id] ?? false) },
    )
    if (answered === undefined) return ['nothing was written, since no host was to be registered']
    const written = await writeSetupPlan(answered.plan)
    const found = joinHostsAndClis(
      await probeProviderClis(context.drivers, context.environment),
      context.machine,
    )
    return [
      ...writtenSetupLines(answered.plan, written, { home: place.home, stdout: { paint: paintNothing } }),
      ...suggestedPrompts(answered.plan.setup.hosts, found),
      'subagent-mcp uninstall in a terminal undoes everything',
    ]
  })
}

function surroundingsOf({ cwd, environment }: HostCaller): SetupSurroundings {
  return { cwd, environment: { ...environment }, home: userHome(environment), now: systemClock.now }
}

function optionsOf(place: SetupSurroundings): SetupOptions {
  const project = projectRootOf(place.cwd)
  return { ...installerOptions(place), server: commandForScope('user'), scope: 'user', project }
}

/** Returns the problems of the hosts with their remedies. Checks of the daemon are left out, because the daemon runs this function. */
async function troublesOf(context: DoctorContext): Promise<string[]> {
  const findings = await runDoctorChecks(hostChecks, context, () => () => undefined)
  return doctorProblemsIn(findings).map(({ severity, what, mend }) => `${severity}: ${what}: ${mend}`)
}
