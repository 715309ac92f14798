import { Notice } from './page.tsx'
import type { Versioned } from './versioned.ts'
import { momentText } from './words.ts'

/** Another device saved something else meanwhile: both stand, and one of them is chosen. */
export function OtherDevice<Value>({
  versioned,
  flush,
}: {
  versioned: Pick<Versioned<Value>, 'other' | 'take'>
  flush: () => Promise<boolean>
}) {
  if (!versioned.other) return null
  return (
    <Notice
      tone="soon"
      action={
        <>
          <button type="button" className="tool-button" onClick={() => void versioned.take('mine', flush)}>
            用这里的
          </button>
          <button type="button" className="tool-button" onClick={() => void versioned.take('other', flush)}>
            用那边的
          </button>
        </>
      }
    >
      另一台设备在 {momentText(versioned.other.savedAt)} 保存了不同的内容，两份都还在。用哪一份？
    </Notice>
  )
}
