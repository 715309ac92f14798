import { lazy, Suspense } from 'react'
import { GrowingText } from './autosave-text.tsx'

export interface RichTextProps {
  label: string
  /** HTML; the server cleans it again. */
  value: string
  onChange: (html: string) => void
  id?: string
  readOnly?: boolean
  placeholder?: string
  minimumCharacters?: number
}

const Editor = lazy(() => import('./rich-text-editor.tsx'))

/** Formatted writing. The editor (about 120 KB) is fetched when the first one is shown. */
export function RichText(props: RichTextProps) {
  return (
    <Suspense
      fallback={
        <div className="rich rich-waiting" role="status" aria-label="正在准备编辑器">
          <GrowingText value={props.value.replace(/<[^>]*>/g, '')} onChange={() => {}} readOnly rows={8} />
        </div>
      }
    >
      <Editor {...props} />
    </Suspense>
  )
}
