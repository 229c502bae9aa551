import { BaseSequencer } from 'vitest/node'

/** Test files that run for longer than their size tells: a contract from another file, many rounds, other programs. */
const runForLong = new RegExp(
  String.raw`/(cluster-mailbox|nats-mailbox|driver|generated-repositories|mask-secrets|release|readme-examples)\.test\.ts$`,
)

/**
 * Sorts the test files: those that run for long first, whatever their project, because one that begins last keeps one core busy
 * while the other has nothing to do. The others follow by project, in vitest's order, the largest first.
 */
export default class extends BaseSequencer {
  /** @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const sorted = await super.sort(files)
    const long = sorted.filter(({ moduleId }) => runForLong.test(moduleId))
    return [...byProject(long), ...byProject(sorted.filter((file) => !long.includes(file)))]
  }
}

/**
 * A worker keeps what it has imported while the next file is of the same project.
 * @param {readonly import('vitest/node').TestSpecification[]} files
 */
function byProject(files) {
  const projects = [...new Set(files.map(({ project }) => project))]
  return projects.flatMap((one) => files.filter(({ project }) => project === one))
}
