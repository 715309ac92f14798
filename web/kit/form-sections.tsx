import { useId } from 'react'
import type { ReactNode } from 'react'
import { ConflictNotice, SaveNote, useAutosave } from './autosave.tsx'
import type { SaveState } from './autosave.tsx'
import { CharacterCount, GrowingText } from './autosave-text.tsx'
import { Icon } from './icons.tsx'
import { RichText } from './rich-text.tsx'
import { usePhone } from './screen.ts'
import { countCharacters } from './words.ts'

export interface FormSection {
  key: string
  title: string
  /** What belongs here, in a sentence. */
  hint?: string
  required?: boolean
  minimumCharacters?: number
  /** `text` (plain, the default), `rich` (formatted), `line` (one line). */
  input?: 'text' | 'rich' | 'line'
  /** Another input: gets the value (text) and how to change it. */
  render?: (value: string, change: (value: string) => void) => ReactNode
}

function plain(value: string): string {
  return value.replace(/<[^>]*>/g, '')
}
function isFilled(section: FormSection, value: string): boolean {
  return countCharacters(plain(value)) >= Math.max(1, section.minimumCharacters ?? 1)
}

/** The required sections that are still missing, in their order. */
export function missingSections(sections: FormSection[], values: Record<string, string>): FormSection[] {
  return sections.filter((section) => section.required && !isFilled(section, values[section.key] ?? ''))
}

export interface FormSectionsProps {
  sections: FormSection[]
  /** What the server holds, by section key. */
  values: Record<string, string>
  /** Names the draft on this device, e.g. `work/<id>`. */
  storageKey: string
  /** Sends all values; rejects like an api call. */
  save: (values: Record<string, string>) => Promise<unknown>
  /** The server's remarks by section key (its field errors). */
  fieldErrors?: Record<string, string>
  readOnly?: boolean
  /** In the margin of a section: a reviewer's remarks. */
  margin?: (section: FormSection) => ReactNode
  /** The buttons at the end; `flush` before submitting so that nothing is left behind. */
  actions?: (form: {
    values: Record<string, string>
    missing: FormSection[]
    flush: () => Promise<boolean>
    state: SaveState
  }) => ReactNode
}

/** A paper in sections: what is required stands beside it as a quiet checklist, and it saves itself. */
export function FormSections(props: FormSectionsProps) {
  const base = useId()
  const phone = usePhone()
  const draft = useAutosave({ storageKey: props.storageKey, value: props.values, save: props.save })
  const { sections, readOnly = false, fieldErrors = {} } = props
  const missing = missingSections(sections, draft.value)
  const set = (key: string) => (value: string) => draft.change({ ...draft.value, [key]: value })
  return (
    <div className="paper-form">
      <aside className="paper-check" aria-label="各部分">
        <p className="paper-check-title">
          {missing.length === 0 ? '必填部分已齐' : `还有 ${missing.length} 部分要写`}
        </p>
        <ol>
          {sections.map((section) => {
            const filled = isFilled(section, draft.value[section.key] ?? '')
            return (
              <li key={section.key} className={filled ? 'checked' : undefined}>
                <a href={`#${base}${section.key}`}>
                  <span className="check-box" aria-hidden="true">
                    {filled && <Icon name="check" size={14} />}
                  </span>
                  {section.title}
                  <span className="visually-hidden">
                    {filled ? '，已写' : section.required ? '，必填，未写' : '，未写'}
                  </span>
                  {section.required !== true && <span className="quiet">选填</span>}
                </a>
              </li>
            )
          })}
        </ol>
        {!readOnly && !(phone && props.actions) && <SaveNote state={draft.state} />}
      </aside>
      <div className="paper-body">
        {draft.conflict && <ConflictNotice onTake={draft.conflict.take} />}
        {sections.map((section) => (
          <SectionInput
            key={section.key}
            id={`${base}${section.key}`}
            section={section}
            value={draft.value[section.key] ?? ''}
            onChange={set(section.key)}
            readOnly={readOnly}
            error={fieldErrors[section.key] ?? fieldErrors[`sections.${section.key}`]}
            margin={props.margin?.(section)}
          />
        ))}
        {props.actions && (
          <div className="paper-actions">
            {props.actions({ values: draft.value, missing, flush: draft.flush, state: draft.state })}
            {phone && !readOnly && <SaveNote state={draft.state} />}
          </div>
        )}
      </div>
    </div>
  )
}

function SectionInput({
  id,
  section,
  value,
  onChange,
  readOnly,
  error,
  margin,
}: {
  id: string
  section: FormSection
  value: string
  onChange: (value: string) => void
  readOnly: boolean
  error: string | undefined
  margin: ReactNode
}) {
  const kind = section.input ?? 'text'
  const described = section.hint === undefined ? {} : { describedBy: `${id}-hint` }
  return (
    <section className="paper-section" aria-labelledby={`${id}-title`}>
      <div className="paper-section-main">
        <h2 id={`${id}-title`}>
          <label htmlFor={id}>{section.title}</label>
          {section.required && <span className="required">必填</span>}
        </h2>
        {section.hint !== undefined && (
          <p className="quiet" id={`${id}-hint`}>
            {section.hint}
          </p>
        )}
        {section.render ? (
          <div id={id}>{section.render(value, onChange)}</div>
        ) : kind === 'rich' ? (
          <RichText id={id} label={section.title} value={value} onChange={onChange} readOnly={readOnly} />
        ) : kind === 'line' ? (
          <input
            id={id}
            className="native-input"
            value={value}
            readOnly={readOnly}
            aria-invalid={error !== undefined}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <GrowingText
            id={id}
            value={value}
            onChange={onChange}
            readOnly={readOnly}
            invalid={error !== undefined}
            {...described}
          />
        )}
        {error !== undefined && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        {kind === 'text' && !section.render && (
          <CharacterCount text={value} minimum={section.minimumCharacters} />
        )}
      </div>
      {margin !== undefined && margin !== null && <div className="paper-margin">{margin}</div>}
    </section>
  )
}
