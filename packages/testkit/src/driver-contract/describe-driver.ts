import { describe } from 'vitest'
import { describeApprovals } from './approvals.js'
import { describeEndings } from './endings.js'
import { describeInterrupts } from './interrupts.js'
import { describeOpening } from './opening.js'
import { describePooling } from './pooling.js'
import { describeResetting } from './resetting.js'
import { describeResuming } from './resuming.js'
import { describeRewinding } from './rewinding.js'
import { describeSteering } from './steering.js'
import { describeTurns } from './turns.js'
import type { DriverSubject } from './subject.js'

/**
 * The driver contract as tests. Called inside a test file, with fake CLIs and with the real ones.
 */
export function describeDriver(name: string, subject: DriverSubject): void {
  describe(`${name}: the driver contract`, () => {
    describeTurns(subject)
    describeApprovals(subject)
    describeInterrupts(subject)
    describeSteering(subject)
    describeResetting(subject)
    describeRewinding(subject)
    describePooling(subject)
    describeResuming(subject)
    describeEndings(subject)
    describeOpening(subject)
  })
}
