import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { useObservable } from '../../data/observable.js'
import type { Transcript } from '../../data/transcript.js'
import { TranscriptEntry } from './transcript-entry.js'

/** How far from its end the list still follows new entries, in pixels. */
const nearEnd = 80

type ListProps = { transcript: Transcript }

const estimateSize = (): number => 40

/** The transcript of an agent; only what is visible is drawn. It follows its end until the person scrolls up. */
export const TranscriptList = memo(function TranscriptList({ transcript }: ListProps): ReactNode {
  const items = useObservable(transcript.items)
  const scroller = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(true)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: useCallback(() => scroller.current, []),
    estimateSize,
    // With a new function at each drawing, the virtualizer would place all entries again at each frame of scrolling.
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    overscan: 4,
  })
  const size = virtual.getTotalSize()
  useEffect(() => {
    if (isFollowing && items.length > 0) virtual.scrollToIndex(items.length - 1, { align: 'end' })
  }, [isFollowing, items, size, virtual])
  const toggle = (key: number): void => {
    setOpen((before) =>
      before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
    )
  }
  return (
    <div
      className="scroller transcript"
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label="Transcript"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        setFollowing(scrollHeight - scrollTop - clientHeight < nearEnd)
      }}
    >
      {items.length === 0 ? <p className="empty">Nothing yet.</p> : null}
      <div className="virtual" style={{ height: size }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const item = items[index]
          return item ? (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="virtual-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <TranscriptEntry item={item} isOpen={open.has(item.key)} onToggle={toggle} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
})
