import { FormSections } from '../kit/form-sections.tsx'
import { Section } from '../kit/page.tsx'
import { lesson } from './api.ts'
import type { LessonDetail } from './api.ts'

/** What the regime wants written down of a lesson of this kind; saves itself, and counts with the lesson. */
export function LessonRecord({ view }: { view: LessonDetail }) {
  const { recordForm: form } = view
  if (form === null) return null
  if (view.abilities.record === null)
    return (
      <Section title={form.title} sentence={form.clause}>
        <FormSections
          sections={form.sections.map(({ key, label, hint, required }) => ({
            key,
            title: label,
            hint,
            required,
          }))}
          values={view.record}
          storageKey={`lesson-record/${view.id}`}
          save={(sections) => lesson.saveLessonRecord({ id: view.id, sections })}
        />
      </Section>
    )
  const written = form.sections.filter((section) => (view.record[section.key] ?? '') !== '')
  if (written.length === 0) return null
  return (
    <Section title={form.title}>
      {written.map((section) => (
        <div key={section.key}>
          <h3>{section.label}</h3>
          <p className="lesson-words">{view.record[section.key]}</p>
        </div>
      ))}
    </Section>
  )
}
