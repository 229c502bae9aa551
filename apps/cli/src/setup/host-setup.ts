import { sep } from 'node:path'
import { systemClock } from '@subagent-mcp/contract'
import { findProjectRoot, type Environment } from '@subagent-mcp/driver-kit'
import { getUserHomeFolder } from '@subagent-mcp/definitions'
import { hosts, type SetupOptions } from '@subagent-mcp/installer'
import type { SetupState } from '@subagent-mcp/mcp-server'
import { runDoctorChecks, filterDoctorProblems, type DoctorContext } from '../doctor/run-doctor-checks.js'
import { doctorHostChecks } from '../doctor/all-doctor-checks.js'
import { withDoctorContext } from '../doctor/doctor-context.js'
import { probeProviderClis } from '../doctor/provider-clis.js'
import { getServerCommandForScope } from '../releases/server-command.js'
import { createInstallerOptions } from '../settings/installer-options.js'
import { paintNothing } from '../terminal/paint.js'
import { answerSetupQuestions } from './answer-setup-questions.js'
import {
  suggestFirstPrompts,
  formatHostAndCliLines,
  joinHostsAndClis,
  formatNoHostFoundLines,
} from './found-hosts-and-clis.js'
import { formatWrittenSetupLines } from './setup-report.js'
import { setupQuestions } from './setup-questions.js'
import { writeSetupPlan, inspectForSetup, planSetupFiles, type SetupSurroundings } from './setup-situation.js'

/** The folder and the environment of a host whose user runs the setup in it. */
type HostCaller = { cwd: string; environment: Environment }

/** Returns what setup has found on the machine of a host, what is set up and wrong there, and the open questions. Changes nothing. */
export function inspectSetupFromHost(caller: HostCaller): Promise<SetupState> {
  const place = surroundingsOf(caller)
  return withDoctorContext(place, async (context) => {
    const clis = await probeProviderClis(context.drivers, context.environment)
    const found = joinHostsAndClis(clis, context.machine)
    if (!hosts.some((host) => host.isPresent(context.machine)))
      return { lines: formatNoHostFoundLines(found), questions: [] }
    const view = inspectForSetup(optionsOf(place), place)
    const plan = () => planSetupFiles(view, [])
    const reader = { home: place.home, stdout: { paint: paintNothing } }
    const steps = setupQuestions.filter((step) => step.concerns(view))
    const settled = steps.map((step) => ({ step, answer: step.settled(view, plan) }))
    return {
      lines: [
        ...formatHostAndCliLines(found, reader.stdout),
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

/** Writes what the user has agreed to in a form of the host. A question without an answer counts as a no. @throws SubagentError where no host was found */
export async function applySetupFromHost(
  caller: HostCaller,
  answers: Readonly<Record<string, boolean>>,
): Promise<readonly string[]> {
  const place = surroundingsOf(caller)
  return withDoctorContext(place, async (context) => {
    const view = inspectForSetup(optionsOf(place), place)
    const answered = await answerSetupQuestions(
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
      ...formatWrittenSetupLines(answered.plan, written, {
        home: place.home,
        stdout: { paint: paintNothing },
      }),
      ...suggestFirstPrompts(answered.plan.setup.hosts, found),
      'subagent-mcp uninstall in a terminal undoes everything',
    ]
  })
}

function surroundingsOf({ cwd, environment }: HostCaller): SetupSurroundings {
  return { cwd, environment: { ...environment }, home: getUserHomeFolder(environment), now: systemClock.now }
}

function optionsOf(place: SetupSurroundings): SetupOptions {
  const project = findProjectRoot(place.cwd)
  return {
    ...createInstallerOptions(place),
    server: getServerCommandForScope('user'),
    scope: 'user',
    project,
  }
}

/** Returns the problems of the hosts with their remedies. Checks of the daemon are left out, because the daemon runs this function. */
async function troublesOf(context: DoctorContext): Promise<string[]> {
  const findings = await runDoctorChecks(doctorHostChecks, context, () => () => undefined)
  return filterDoctorProblems(findings).map(({ severity, what, mend }) => `${severity}: ${what}: ${mend}`)
}
