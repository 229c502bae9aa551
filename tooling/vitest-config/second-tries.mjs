/**
 * A reporter that prints the names of tests which failed once and passed when they were repeated, as CI does: one that depends on
 * the speed of the machine must not stop a release, and must not stay unseen.
 * @type {import('vitest/node').Reporter}
 */
export const secondTries = {
  onTestRunEnd(modules) {
    const repeated = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}\n`),
    )
    if (repeated.length === 0) return
    process.stdout.write(`\npassed only on the second try, which is a defect to mend:\n${repeated.join('')}`)
  },
}
