import { EditorContent, useEditor, useEditorState } from '@tiptap/react'
import type { Editor } from '@tiptap/react'
import { StarterKit } from '@tiptap/starter-kit'
import { useEffect, useRef } from 'react'
import { CharacterCount } from './autosave-text.tsx'
import { useLatest } from './latest.ts'
import type { RichTextProps } from './rich-text.tsx'
import { wordPaste } from './word-paste.ts'

/** TipTap gives up its first editor when the page was waiting, and asks it once more afterwards. */
function isReady(editor: Editor): boolean {
  return (editor.schema as Editor['schema'] | null) !== null
}

/** An empty paragraph is no text. */
function htmlOf(editor: Editor): string {
  return editor.isEmpty ? '' : editor.getHTML()
}

export default function RichTextEditor(props: RichTextProps) {
  const { value, readOnly = false } = props
  const latest = useLatest(props.onChange)
  /** What this editor last gave out; other values come from outside and replace the text. */
  const given = useRef(value)
  const give = (from: Editor) => {
    const html = htmlOf(from)
    if (html === given.current) return
    given.current = html
    latest.current(html)
  }
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        heading: { levels: [3, 4] },
        code: false,
        codeBlock: false,
        strike: false,
        horizontalRule: false,
        link: { openOnClick: false, protocols: ['http', 'https'] },
      }),
    ],
    content: value,
    editable: !readOnly,
    editorProps: {
      transformPastedHTML: wordPaste,
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': props.label,
        ...(props.placeholder === undefined ? {} : { 'data-placeholder': props.placeholder }),
        ...(props.id === undefined ? {} : { id: props.id }),
      },
    },
    onUpdate: ({ editor: changed }) => {
      // While an input method is composing, half a syllable is not yet text.
      if (!changed.view.composing) give(changed)
    },
  })

  // ProseMirror takes the composed text over just after the event.
  const composed = () =>
    setTimeout(() => {
      if (!editor.isDestroyed) give(editor)
    }, 30)

  useEffect(() => {
    if (value === given.current) return
    given.current = value
    editor.commands.setContent(value, { emitUpdate: false })
  }, [editor, value])
  useEffect(() => {
    editor.setEditable(!readOnly, false)
  }, [editor, readOnly])

  return (
    <div className="rich" onCompositionEnd={composed}>
      {!readOnly && <Toolbar editor={editor} label={props.label} />}
      <EditorContent editor={editor} />
      <div className="rich-foot">
        <CharacterCount text={value.replace(/<[^>]*>/g, '')} minimum={props.minimumCharacters} />
      </div>
    </div>
  )
}

function Toolbar({ editor, label }: { editor: Editor; label: string }) {
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) =>
      isReady(now) && {
        heading: now.isActive('heading', { level: 3 }),
        bold: now.isActive('bold'),
        bullets: now.isActive('bulletList'),
        numbers: now.isActive('orderedList'),
        quote: now.isActive('blockquote'),
        undo: now.can().undo(),
      },
  })
  const chain = () => editor.chain().focus()
  const tools = [
    { word: '标题', on: on && on.heading, run: () => chain().toggleHeading({ level: 3 }).run() },
    { word: '加粗', on: on && on.bold, run: () => chain().toggleBold().run() },
    { word: '列表', on: on && on.bullets, run: () => chain().toggleBulletList().run() },
    { word: '编号', on: on && on.numbers, run: () => chain().toggleOrderedList().run() },
    { word: '引用', on: on && on.quote, run: () => chain().toggleBlockquote().run() },
  ]
  return (
    <div className="rich-tools" role="toolbar" aria-label={`${label} 的格式`}>
      {tools.map((tool) => (
        <button key={tool.word} type="button" aria-pressed={tool.on} onClick={tool.run}>
          {tool.word}
        </button>
      ))}
      <button type="button" disabled={!(on && on.undo)} onClick={() => chain().undo().run()}>
        撤销
      </button>
    </div>
  )
}
