import { expect, test } from 'vitest'
import { processesWith } from '../processes.js'
import { driveSession } from './drive-session.js'
import { closeAfterResets, resetSession } from './reset-session.js'
import type { DriverSubject } from './subject.js'

/** Tests what the pool of warm sessions needs from a driver, besides resets. */
export function describePooling(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain } = subject.prompts

  test(
    'tells the process that it is in, and keeps nothing of an ephemeral session that could be resumed',
    details,
    async () => {
      const { driver, spec } = subject.start()
      const driven = await driveSession(driver, { ...spec, ephemeral: true })
      const { pid, resumable } = driven.opened
      expect(pid).toBeGreaterThan(0)
      if (process.platform !== 'win32')
        expect(processesWith(`HOME=${spec.environment['HOME']}`)).toContain(pid)
      expect(resumable).toBe(false)
      expect(await driven.prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
      await resetSession(driven)
      expect(await driven.prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
      await closeAfterResets(driven, 1)
    },
  )
}
