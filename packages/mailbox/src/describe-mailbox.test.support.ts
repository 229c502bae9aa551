import { describe } from 'vitest'
import { describeFailing } from './describe-failing.test.support.js'
import { describeLists } from './describe-lists.test.support.js'
import { describeSending } from './describe-sending.test.support.js'
import { describeTaking } from './describe-taking.test.support.js'
import { describeWaiting } from './describe-waiting.test.support.js'
import { useBench, type MailboxPlace } from './mailbox-bench.test.support.js'

export type { MailboxPlace }

/** The tests that every mailbox passes. Behaviour that they do not test is not promised. */
export function describeMailbox(name: string, makePlace: () => Promise<MailboxPlace>): void {
  describe(`a mailbox in ${name}`, () => {
    const bench = useBench(makePlace)
    describeSending(bench)
    describeTaking(bench)
    describeFailing(bench)
    describeWaiting(bench)
    describeLists(bench)
  })
}
