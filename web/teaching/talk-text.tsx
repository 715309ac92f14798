import type { Talk } from './api.ts'

/** A paper of 说课 to read, part by part. */
export function TalkText({ view }: { view: Talk }) {
  return view.form
    .filter((section) => (view.sections[section.key] ?? '') !== '')
    .map((section) => (
      <div key={section.key}>
        <h2>{section.label}</h2>
        {(view.sections[section.key] ?? '').split('\n').map((line, index) => (
          <p key={index}>{line}</p>
        ))}
      </div>
    ))
}
